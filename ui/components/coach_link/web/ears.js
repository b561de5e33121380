// What the coach hears: the user's microphone and, where the browser can, the sound of a call as a second channel.
import { AudioProblem, Microphone } from "rostrum-voice";

const KEPT_FRAMES = 8; // of the call that are ahead of the microphone: both come off one clock

// The microphone as it is: what a browser does to level a voice, or to clear it of noise, falsifies what is measured,
// and takes away whoever stands further off.
function plainly(device) {
  return (headphones) => navigator.mediaDevices.getUserMedia({
    audio: {
      deviceId: device() || undefined, channelCount: 1, echoCancellation: !headphones, noiseSuppression: false,
      autoGainControl: false,
    },
  });
}

async function soundOfCall() {
  const media = navigator.mediaDevices;
  if (!media?.getDisplayMedia) throw new AudioProblem("no_sharing");
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await media.getDisplayMedia({ video: true, audio, systemAudio: "include" });
  for (const picture of stream.getVideoTracks()) picture.stop(); // nothing is looked at
  if (!stream.getAudioTracks().length) throw new AudioProblem("no_sound");
  return stream;
}

export class Ears {
  // `onFrame({pcm, mine, theirs})`: 16 ms of 16-bit samples at 16 kHz, of both channels in turns while a call is shared;
  // the peaks of either, 0 to 1. `onLost(which)`: "microphone" or "call" was taken away.
  constructor({ device, onFrame, onLost }) {
    this.onFrame = onFrame;
    this.muted = false;
    this.ahead = []; // of the call
    this.microphone = new Microphone({
      acquire: plainly(device), onFrame: (pcm, peak) => this.frame(pcm, peak), onLost: () => onLost("microphone"),
    });
    this.call = new Microphone({
      acquire: soundOfCall, onFrame: (pcm, peak) => this.overheard(pcm, peak), onLost: () => onLost("call"),
    });
  }

  get open() {
    return Boolean(this.microphone.stream);
  }

  get shared() {
    return Boolean(this.call.stream);
  }

  // Both throw AudioProblem: those of the microphone, and no_sharing or no_sound.
  listen(headphones) {
    return this.microphone.open(headphones);
  }

  share() {
    this.ahead = [];
    return this.call.open();
  }

  unshare() {
    this.call.close();
  }

  overheard(pcm, peak) {
    this.ahead.push({ pcm: new Int16Array(pcm), peak });
    if (this.ahead.length > KEPT_FRAMES) this.ahead.shift();
  }

  // A muted microphone is silent; time goes on.
  frame(pcm, peak) {
    const mine = new Int16Array(pcm);
    if (this.muted) mine.fill(0);
    if (!this.shared) return this.onFrame({ pcm: mine.buffer, mine: this.muted ? 0 : peak, theirs: 0 });
    const theirs = this.ahead.shift() ?? { pcm: new Int16Array(mine.length), peak: 0 };
    const both = new Int16Array(2 * mine.length);
    for (let i = 0; i < mine.length; i++) {
      both[2 * i] = mine[i];
      both[2 * i + 1] = theirs.pcm[i];
    }
    return this.onFrame({ pcm: both.buffer, mine: this.muted ? 0 : peak, theirs: theirs.peak });
  }

  close() {
    this.microphone.close();
    this.call.close();
  }
}
