// What sounds in the user's ear: a cue's few words, and the sound that only says "look".
import { openContext } from "rostrum-voice";

const FADE_SECONDS = 0.008; // silent within a frame of the screen, without a click
const EARCON = { hertz: 660, seconds: 0.12, gain: 0.06 };

export class Whisper {
  // `onSound(what)`: "began", "ended", "hushed", for whoever wants to know.
  constructor(onSound = () => {}) {
    this.onSound = onSound;
    this.turn = 0; // of what is being decoded or sounds: a later one, or a hush, makes it stale
    this.sounding = null;
  }

  // `data`: a complete file (MP3, WAV …) in base64.
  async say(data) {
    this.silence();
    const mine = this.turn;
    const context = await openContext();
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const sound = await context.decodeAudioData(bytes.buffer).catch(() => null);
    if (!sound || mine !== this.turn) return;
    const source = new AudioBufferSourceNode(context, { buffer: sound });
    const gain = new GainNode(context);
    source.connect(gain).connect(context.destination);
    source.onended = () => {
      if (this.sounding?.source !== source) return;
      this.sounding = null;
      this.onSound("ended");
    };
    this.sounding = { source, gain, context };
    source.start();
    this.onSound("began");
  }

  hush() {
    if (this.silence()) this.onSound("hushed");
  }

  // Whether anything sounded.
  silence() {
    this.turn++;
    if (!this.sounding) return false;
    const { source, gain, context } = this.sounding;
    this.sounding = null;
    const end = context.currentTime + FADE_SECONDS;
    gain.gain.setValueAtTime(gain.gain.value, context.currentTime);
    gain.gain.linearRampToValueAtTime(0, end);
    source.stop(end);
    return true;
  }

  async earcon() {
    const context = await openContext();
    const { hertz, seconds, gain: loud } = EARCON;
    const [now, end] = [context.currentTime, context.currentTime + seconds];
    const tone = new OscillatorNode(context, { frequency: hertz });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.linearRampToValueAtTime(loud, now + seconds / 4);
    gain.gain.linearRampToValueAtTime(0, end);
    tone.connect(gain).connect(context.destination);
    tone.start();
    tone.stop(end);
    this.onSound("earcon");
  }
}
