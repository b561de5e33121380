// The live level: one bar every 40 ms, newest on the right, or in the middle; the colour says whose voice it is.

const BARS = 28;
const BAR_SECONDS = 0.04;

export class Meter {
  // `level()` gives {peak 0 to 1, colour} now. `around()`: bars run to both sides of a middle so wide, in pixels.
  constructor(canvas, level, around = null) {
    this.canvas = canvas;
    this.level = level;
    this.around = around;
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
    const scale = window.devicePixelRatio || 1;
    const reach = this.around ? Math.max(0, (width - scale * this.around()) / 2) : width;
    const pitch = reach / BARS;
    const thick = pitch * (this.around ? 0.36 : 0.5);
    this.bars.forEach(({ peak, colour }, i) => {
      const tall = Math.max(thick, Math.min(1, Math.sqrt(peak)) * height);
      const left = i * pitch + (pitch - thick) / 2;
      brush.fillStyle = colour;
      for (const x of this.around ? [left, width - left - thick] : [left]) {
        brush.beginPath();
        brush.roundRect(x, (height - tall) / 2, thick, tall, thick / 2);
        brush.fill();
      }
    });
  }
}
