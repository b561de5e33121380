// The key that says who speaks where one microphone hears both: held while the partner speaks, or tapped to mark that
// they speak from now on, and tapped again. Pure; the time is given.

const HELD_SECONDS = 0.35; // shorter is a tap

export class PartnerKey {
  // `onSpeaking(speaker)`: "partner" or "user", each time it changes.
  constructor(onSpeaking) {
    this.onSpeaking = onSpeaking;
    this.speaking = null; // nobody has said yet
    this.pressed = null; // since when, in seconds
  }

  press(now) {
    if (this.pressed !== null) return;
    this.pressed = now;
    this.marked = this.speaking === "partner";
    this.say("partner");
  }

  release(now) {
    if (this.pressed === null) return;
    const tapped = now - this.pressed < HELD_SECONDS;
    this.pressed = null;
    if (!tapped || this.marked) this.say("user");
  }

  say(speaker) {
    if (speaker === this.speaking) return;
    this.speaking = speaker;
    this.onSpeaking(speaker);
  }
}
