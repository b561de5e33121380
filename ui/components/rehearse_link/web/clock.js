// How long a take has lasted, and how long it should have by now.

const ON_TIME = 4; // seconds ahead or behind that are nothing to be told of

export const minutes = (seconds) => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

export class TakeClock {
  // `shares`: seconds for each sentence; `words`: how many each has.
  constructor(shares, words) {
    Object.assign(this, { shares, words });
    this.budget = shares.reduce((sum, share) => sum + share, 0);
    this.begun = null; // when somebody first spoke, or would have, after going back
    this.came = new Map(); // seconds at which a sentence was come to
  }

  elapsed(now) {
    return this.begun === null ? 0 : now - this.begun;
  }
  speaks(now) {
    this.begun ??= now;
  }
  at({ sentence, words }, now) {
    if (words && !this.came.has(sentence)) this.came.set(sentence, this.elapsed(now));
  }

  // Where the clock should stand at a place.
  due({ sentence, words }) {
    const before = this.shares.slice(0, sentence - 1).reduce((sum, share) => sum + share, 0);
    const size = this.words[sentence - 1] || 1;
    return before + (this.shares[sentence - 1] ?? 0) * Math.min(1, words / size);
  }

  // Again from a sentence: the clock goes back to when it was come to.
  again(sentence, now) {
    if (this.begun === null) return;
    this.begun = now - (this.came.get(sentence) ?? this.due({ sentence, words: 0 }));
    for (const each of [...this.came.keys()]) if (each >= sentence) this.came.delete(each);
  }

  // "0:32 of 1:00", and how that compares with the place.
  told(place, now) {
    const elapsed = this.elapsed(now);
    const by = Math.round(elapsed - this.due(place));
    const compared = this.begun === null || Math.abs(by) < ON_TIME ? "" : `${Math.abs(by)} s ${by > 0 ? "behind" : "ahead"}`;
    return [`${minutes(elapsed)} of ${minutes(this.budget)}`, this.begun === null ? "" : compared || "on time"];
  }
}
