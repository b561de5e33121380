// A sentence in another language: `words` has translations by their English sentences, `values` fill `{placeholders}`.

export const translator = (words) => (sentence, values = {}) =>
  ((words ?? {})[sentence] ?? sentence).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
