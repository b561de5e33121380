// Between seconds and pixels. `view`: {from, width, scale}: the seconds at its left edge, pixels, pixels a second.

export const LEAST_ZOOM = 1;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const APART = 72; // pixels between two times of the axis at least

const x = (view, seconds) => (seconds - view.from) * view.scale;

export const step = (scale) => STEPS.find((seconds) => seconds * scale >= APART) ?? STEPS.at(-1);

// The times that stand on the axis: [{at, x, anchor}].
export function axis(view, seconds) {
  const each = step(view.scale);
  const until = Math.min(seconds, view.from + view.width / view.scale);
  const times = [];
  for (let at = Math.ceil(view.from / each) * each; at <= until; at += each) times.push({ at, x: x(view, at) });
  const anchor = (px) => (px < 18 ? "start" : px > view.width - 18 ? "end" : "middle");
  return times.map((time) => ({ ...time, anchor: anchor(time.x) }));
}

// Of `points` ({at, until}) the one at pixel `px`, or the nearest one not farther than `reach` pixels; else undefined.
export function nearest(points, view, px, reach = 14) {
  const away = ({ at, until }) => Math.max(x(view, at) - px, px - x(view, Math.max(at, until)), 0);
  const middle = ({ at, until }) => Math.abs(x(view, (at + Math.max(at, until)) / 2) - px);
  let best;
  for (const point of points)
    if (away(point) <= reach && (!best || away(point) < away(best) || (away(point) === away(best) && middle(point) < middle(best)))) best = point;
  return best;
}

// A line through what is known; gaps stay gaps. `y` gives the pixel of a value.
export function linePath(view, times, values, y) {
  let path = "";
  let down = false;
  const [left, right] = [view.from - 20, view.from + view.width / view.scale + 20];
  for (let i = 0; i < times.length; i += 1) {
    if (values[i] === null || times[i] < left || times[i] > right) {
      down = false;
      continue;
    }
    path += `${down ? "L" : "M"}${x(view, times[i]).toFixed(1)} ${y(values[i]).toFixed(1)}`;
    down = true;
  }
  return path;
}

// The level as bars of 2 px every 3 px, from `base` away: up (-1) or down (1). `bytes`: one for each `each` seconds.
export function levels(view, bytes, each, base, most, way) {
  let path = "";
  for (let px = 0; px < view.width; px += 3) {
    const first = Math.floor((view.from + px / view.scale) / each);
    const last = Math.max(first + 1, Math.floor((view.from + (px + 3) / view.scale) / each));
    let loud = 0;
    for (let i = Math.max(0, first); i < Math.min(last, bytes.length); i += 1) loud = Math.max(loud, bytes[i]);
    if (loud > 8) path += `M${px + 1} ${base + way}v${(way * Math.max(1, (loud / 255) * most)).toFixed(1)}`;
  }
  return path;
}
