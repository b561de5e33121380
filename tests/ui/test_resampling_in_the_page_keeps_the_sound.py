"""The resampler runs in the browser, so it is tested there: a tone comes out as the same tone, in time, unfolded."""

import pytest
from playwright.async_api import Browser

from tests.ui.scripted import stage

MEASURE = """([from, to, hertz, blocks]) => {
  const turn = (2 * Math.PI * hertz);
  const tone = (rate, count) => Float32Array.from({ length: count }, (_, i) => Math.sin((turn * i) / rate));
  const source = tone(from, from);                       // one second
  const resampler = new voice.Resampler(from, to);
  const made = [];
  for (let first = 0, piece = 0; first < source.length; piece++) {
    const size = blocks[piece % blocks.length];
    made.push(...resampler.push(source.slice(first, first + size)));
    first += size;
  }
  made.push(...resampler.push(new Float32Array(0), true));
  const ideal = tone(to, made.length);
  let error = 0, power = 0, middle = 0;
  for (let i = 200; i < made.length - 200; i++) {        // the ends meet silence
    error += (made[i] - ideal[i]) ** 2; power += made[i] ** 2; middle++;
  }
  return { count: made.length, error: Math.sqrt(error / middle), level: Math.sqrt(power / middle) };
}"""
RAGGED = [128, 1, 77, 960]


@pytest.mark.parametrize(
    ("source", "target"), [(22_050, 48_000), (24_000, 44_100), (48_000, 16_000), (44_100, 16_000), (16_000, 16_000)]
)
async def test_a_tone_comes_out_as_itself_and_in_time(browser: Browser, source: int, target: int) -> None:
    async with stage(browser) as page:
        found = await page.evaluate(MEASURE, [source, target, 1000, RAGGED])
    assert abs(found["count"] - target) <= 1
    assert found["error"] < 0.003


async def test_what_the_lower_rate_cannot_hold_is_removed_and_not_folded(browser: Browser) -> None:
    async with stage(browser) as page:
        found = await page.evaluate(MEASURE, [48_000, 16_000, 9_500, RAGGED])
    assert found["level"] < 0.003


async def test_the_cut_into_blocks_changes_nothing(browser: Browser) -> None:
    async with stage(browser) as page:
        same = await page.evaluate(
            """() => {
              const source = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i * i / 900));
              const whole = new voice.Resampler(22050, 48000);
              const pieces = new voice.Resampler(22050, 48000);
              const one = [...whole.push(source), ...whole.push(new Float32Array(0), true)];
              const other = [];
              for (let i = 0; i < 4000; i += 37) other.push(...pieces.push(source.slice(i, i + 37)));
              other.push(...pieces.push(new Float32Array(0), true));
              return one.length === other.length && one.every((sample, i) => sample === other[i]);
            }"""
        )
    assert same
