"""What the check before a session measures, on sound with known truth, in the browser where it runs."""

import pytest
from playwright.async_api import Browser

from tests.ui.scripted import stage

ROOM = """([voice, noise, spoken, peak]) => {
  // 4 s at 16 kHz in frames of 16 ms: noise throughout, and a voice in `spoken` of them; levels in
  // decibels of full scale
  const [rate, size] = [16000, 256];
  const room = new coach.Room();
  let seed = 7;
  const random = () => ((seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5) * Math.sqrt(12);
  const amplitude = (level) => 10 ** (level / 20);
  const count = 250;
  for (let frame = 0; frame < count; frame++) {
    const speaks = frame > 60 && frame < 60 + spoken * count;
    const samples = Int16Array.from({ length: size }, (_, i) => {
      const wave = Math.SQRT2 * Math.sin((2 * Math.PI * 220 * (frame * size + i)) / rate);
      const tone = speaks ? amplitude(voice) * wave : 0;
      return Math.max(-1, Math.min(1, tone + amplitude(noise) * random())) * 32767;
    });
    if (peak && speaks) samples[0] = 32767;
    room.push(samples, rate);
  }
  const found = room.found;
  return { ...found, words: coach.saidOfRoom(found) };
}"""
ECHO = """([level, delay, noise, beep]) => {
  // what a microphone hears for 1.4 s of a chirp that comes back `delay` seconds late at `level` decibels
  const rate = 16000;
  const played = coach.chirp(rate);
  let seed = 11;
  const random = () => ((seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5) * Math.sqrt(12);
  const heard = Float32Array.from({ length: 1.4 * rate }, (_, i) => {
    const at = i - Math.round(delay * rate);
    const chirp = level === null || at < 0 || at >= played.length ? 0 : 10 ** (level / 20) * played[at];
    const tone = beep && i % 8000 < 640 ? 0.2 * Math.sin((2 * Math.PI * 900 * i) / rate) : 0;
    return chirp + tone + 10 ** (noise / 20) * random();
  });
  const echo = coach.echoIn(heard, rate);
  return { echo, words: coach.saidOfEcho(echo) };
}"""


VERDICTS = (
    # voice and noise in decibels, share of the time that is spoken, whether it is cut off at its peaks
    (-25, -60, 0.5, False, "good"),
    (-30, -47, 0.5, False, "fair"),
    (-30, -41, 0.5, False, "noisy"),
    (-56, -80, 0.5, False, "faint"),
    (-20, -60, 0.5, True, "clipped"),
    (-25, -60, 0.0, False, "waiting"),
    (-25, -60, 0.08, False, "waiting"),  # a cough is no sentence
)
ECHOES = (
    # level in decibels of what was played, seconds late, noise in decibels
    (-12, 0.09, -60, "bad"),
    (-27, 0.2, -50, "bad"),
    (-33, 0.2, -60, "good"),
    (6, 0.031, -50, "bad"),
)
NO_ECHOES = ((-30, False), (-60, False), (-60, True))
"""Noise in decibels, and whether something beeps."""


async def test_the_voice_is_weighed_against_the_room(browser: Browser) -> None:
    async with stage(browser) as page:
        for voice, noise, spoken, peak, verdict in VERDICTS:
            found = await page.evaluate(ROOM, [voice, noise, spoken, peak])
            assert found["verdict"] == verdict, (voice, noise)
            if verdict in {"good", "fair", "noisy"}:
                assert found["ratio"] == pytest.approx(voice - noise, abs=2)
                assert f"{found['ratio']:.0f} dB above the noise" in found["words"][1]


async def test_the_loudspeaker_is_found_and_noise_and_other_tones_are_not_taken_for_it(browser: Browser) -> None:
    async with stage(browser) as page:
        for level, delay, noise, told in ECHOES:
            found = await page.evaluate(ECHO, [level, delay, noise, False])
            assert found["echo"] == pytest.approx(level, abs=1.5)
            assert found["words"][0] == told
            assert ("headphones" in found["words"][1]) == (told == "bad")
        for noise, beep in NO_ECHOES:
            found = await page.evaluate(ECHO, [None, 0, noise, beep])
            assert found["echo"] is None, (noise, beep)
            assert found["words"][0] == "good"
