// The shapes of a lane. Each kind of moment has its own, so that it can be told without its colour.

export const HEIGHTS = { voices: 88, line: 76, marks: 32 };

// Stretches in which a side spoke, as one shape: a faint ground for its level, or, where no level was measured, blocks.
export function blocksOf(boxes, side, height, bare) {
  const half = height / 2;
  const tall = bare ? half * 0.6 : half;
  const path = boxes.map(({ x, width }) => `M${x + 3} ${side ? half : half - tall}h${Math.max(1, width - 6)}v${tall}H${x + 3}z`).join("");
  return { class: `${side ? "partner" : "user"} block${bare ? " bare" : ""}`, path };
}

// The curve of a lane between its extremes, its band, and the numbers at the band's edges.
export function lineOf({ values, band, unit }, height, path) {
  const known = values.filter((value) => value !== null);
  const [low, high] = band ?? [null, null];
  const least = Math.min(...known, low ?? Infinity);
  const most = Math.max(...known, high ?? -Infinity);
  const y = (value) => height - 8 - ((value - least) / (most - least || 1)) * (height - 16);
  const [top, bottom] = [high === null ? 0 : y(high), low === null ? height : y(low)];
  const edges = [high, low].filter((edge) => edge !== null).map((edge, index) => ({ y: y(edge) + (index ? -4 : 12), text: `${edge} ${index ? "" : unit}` }));
  return { path: path(y), edges, shade: band && { y: top, height: Math.max(0, bottom - top) } };
}

const circle = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const SHAPES = {
  filler: (x, middle) => `M${x} ${middle - 12}v24`,
  possible_filler: (x, middle) => circle(x, middle, 3.5),
  question: (x, middle) => circle(x, middle, 5.5),
  follow_up: (x, middle) => circle(x, middle, 5.5),
  interruption: (x, middle) => `M${x - 6} ${middle + 6}h12l-6 -12z`,
  cue: (x, middle) => `M${x} ${middle - 8}l7 8l-7 8l-7 -8z`,
};

// Moments as [{class, path}]: those that look alike are one shape, so that a long session is as light as a short one.
export function shapesOf(points, box) {
  const paths = new Map();
  for (const point of points) {
    const look = `${point.kind}${point.strong ? " strong" : ""}`;
    paths.set(look, (paths.get(look) ?? "") + pathOf(point, box(point)));
  }
  return [...paths].map(([look, path]) => ({ class: look, path }));
}

function pathOf({ kind }, { x, y, width, height }) {
  const [left, middle, wide] = [x + 3, y + height / 2, Math.max(2, width - 6)];
  if (SHAPES[kind]) return SHAPES[kind](left, middle);
  const tall = kind === "pause" ? 4 : 14;
  return `M${left} ${middle - tall / 2}h${wide}v${tall}h${-wide}z`;
}
