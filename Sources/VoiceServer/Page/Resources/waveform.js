// A picture of sound that grows as the sound comes, and shows how far it has been played.

/** Columns of the picture for a second of sound. */
const DENSITY = 50;
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

export class Waveform {
  constructor(canvas) {
    this.canvas = canvas;
    this.label = canvas.getAttribute("aria-label");
    this.clear();
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  clear() {
    this.peaks = [];
    this.seconds = 0;
    this.played = 0;
    this.open = { peak: 0, count: 0 };
    this.draw();
  }

  add(samples, rate) {
    const width = Math.max(1, Math.round(rate / DENSITY));
    for (const sample of samples) {
      this.open.peak = Math.max(this.open.peak, Math.abs(sample));
      if (++this.open.count < width) continue;
      this.peaks.push(this.open.peak / 32768);
      this.open = { peak: 0, count: 0 };
    }
    this.seconds += samples.length / rate;
    this.draw();
  }

  /** Follows a player as long as it plays. `start`: what it had played before this sound. */
  follow(player, start = 0) {
    const mine = (this.following = {});
    const step = () => {
      if (this.following !== mine) return;
      this.played = Math.max(0, player.played - start);
      this.draw();
      if (!player.isPlaying) return;
      // Who asked for less motion sees the place move twice a second.
      if (stillness.matches) setTimeout(step, 500); else requestAnimationFrame(step);
    };
    step();
  }

  draw() {
    const { canvas } = this;
    const scale = devicePixelRatio || 1;
    const width = Math.max(1, Math.round(canvas.clientWidth * scale));
    const height = Math.max(1, Math.round(canvas.clientHeight * scale));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(canvas);
    const [played, unplayed] = [style.color, style.getPropertyValue("--unplayed")];
    // Short sounds do not fill the picture; long ones are pressed together.
    const columns = Math.max(this.peaks.length, 3 * DENSITY);
    const bar = Math.max(1, scale);
    for (let x = 0; x < width; x += 2 * bar) {
      const from = Math.floor((x / width) * columns);
      const to = Math.max(from + 1, Math.floor(((x + 2 * bar) / width) * columns));
      const peak = this.peaks.slice(from, to).reduce((most, value) => Math.max(most, value), 0);
      const tall = Math.max(bar, peak * height * 0.95);
      pen.fillStyle = from / DENSITY < this.played ? played : unplayed;
      pen.fillRect(x, (height - tall) / 2, bar, tall);
    }
    canvas.setAttribute("aria-label", this.seconds ? `${this.label}, ${this.seconds.toFixed(1)} seconds` : this.label);
  }
}
