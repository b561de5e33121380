// What is heard of a session: one audio element, whoever asks for a moment, and whoever follows.

const BEFORE = 0.2; // seconds that a moment is heard from before it begins
const LEAST = 2.5; // seconds that a moment is heard at least: an "um" alone cannot be judged
const AFTER = 0.3;

export const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, "0")];
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
};

class Sound {
  audio = null;
  until = null;
  sought = null; // a moment that waits for the transcript to be there
  followers = new Set();
  readers = new Set();

  attach(audio) {
    this.audio = audio;
    this.click = (event) => this.asked(event);
    document.addEventListener("click", this.click);
    if (!audio) return;
    audio.addEventListener("play", () => this.run());
    for (const event of ["seeked", "pause", "loadedmetadata"]) audio.addEventListener(event, () => this.tell());
  }
  detach() {
    document.removeEventListener("click", this.click);
    Object.assign(this, { audio: null, until: null, sought: null });
  }
  lose() { this.audio = null; }

  get seconds() { return this.audio?.currentTime ?? 0; }

  // From `at` on; as far as `until`, where that is given.
  hear(at, until = null) {
    if (!this.audio) return this.read(at);
    this.until = until === null ? null : Math.max(until, at + LEAST) + AFTER;
    this.audio.currentTime = Math.max(0, at - BEFORE);
    return this.audio.play();
  }
  toggle() {
    this.until = null;
    return this.audio.paused ? this.audio.play() : this.audio.pause();
  }

  // Show the words of a moment: the transcript may have to be opened first.
  read(at) {
    this.sought = at;
    document.getElementById("tab-transcript")?.click();
    for (const reader of this.readers) reader();
  }
  asked({ target }) {
    const asked = target.closest?.("[data-hear]");
    if (!asked) return;
    const { hear, until } = asked.dataset;
    this.hear(Number(hear), until === undefined ? null : Number(until));
  }

  // `follower(seconds, playing)` is called on every frame of the screen while it sounds, and once where that changes.
  follow(follower) {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }
  tell() { for (const follower of this.followers) follower(this.seconds, this.audio && !this.audio.paused); }
  run() {
    this.tell();
    if (!this.audio || this.audio.paused) return;
    if (this.until !== null && this.seconds >= this.until) {
      this.until = null;
      this.audio.pause();
    } else requestAnimationFrame(() => this.run());
  }
}

export const sound = new Sound();
