// The live level: one bar every 40 ms, newest on the right; the colour says whose voice it is.

const BARS = 28;
const BAR_SECONDS = 0.04;

export class Meter {
  // `level()` gives {peak 0 to 1, colour} now.
  constructor(canvas, level) {
    this.canvas = canvas;
    this.level = level;
    this.bars = new Array(BARS).fill({ peak: 0, colour: "" });
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.last = 0;
  }

  // Call once a frame of the screen.
  draw(now) {
    const fresh = this.level();
    if (this.still) this.bars.fill(fresh);
    else if (now - this.last >= 1000 * BAR_SECONDS) {
      this.last = now;
      this.bars.shift();
      this.bars.push(fresh);
    } else return;
    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (this.canvas.width !== Math.round(width * scale)) {
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
    }
    this.paint(this.canvas.getContext("2d"), this.canvas.width, this.canvas.height);
  }

  paint(brush, width, height) {
    brush.clearRect(0, 0, width, height);
    const pitch = width / BARS;
    const thick = pitch * 0.5;
    this.bars.forEach(({ peak, colour }, i) => {
      const tall = Math.max(thick, Math.min(1, Math.sqrt(peak)) * height);
      brush.fillStyle = colour;
      brush.beginPath();
      brush.roundRect(i * pitch + (pitch - thick) / 2, (height - tall) / 2, thick, tall, thick / 2);
      brush.fill();
    });
  }
}
