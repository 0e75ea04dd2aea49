// Runs beside the page, in the thread of the sound: the microphone's samples as 16-bit mono at another rate.

/** Zero crossings of the low-pass on each side: 60 dB of attenuation with the window below. */
const CROSSINGS = 10;
/** Places at which the low-pass is known between two crossings; between those, a straight line. */
const STEPS = 64;

/** A windowed sinc (Blackman), to interpolate band-limited sound (J. O. Smith, "Digital Audio Resampling"). */
function lowPass() {
  const length = CROSSINGS * STEPS;
  const table = new Float32Array(length + 2);
  for (let index = 0; index <= length; index++) {
    const x = index / STEPS;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    const turn = (Math.PI * index) / length;
    table[index] = sinc * (0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
  }
  return table;
}

/** Another sampling rate for a stream of samples. */
export class Resampler {
  constructor(from, to) {
    this.step = from / to;
    // The low-pass ends a little below half of the lower rate.
    this.cutoff = Math.min(1, to / from) * 0.94;
    this.reach = Math.ceil(CROSSINGS / this.cutoff);
    this.table = lowPass();
    this.held = new Float32Array(this.reach);
    /** Of the next sample to make, where it lies in `held`. */
    this.place = this.reach;
  }

  /** Takes samples; returns those that can be made of them. */
  take(samples) {
    const all = new Float32Array(this.held.length + samples.length);
    all.set(this.held);
    all.set(samples, this.held.length);
    const made = [];
    while (this.place + this.reach < all.length) {
      made.push(this.at(all, this.place));
      this.place += this.step;
    }
    const start = Math.max(0, Math.min(all.length, Math.floor(this.place) - this.reach));
    this.held = all.slice(start);
    this.place -= start;
    return made;
  }

  at(all, place) {
    let sum = 0;
    const first = Math.max(0, Math.ceil(place - this.reach));
    const last = Math.floor(place + this.reach);
    for (let index = first; index <= last; index++) {
      const distance = Math.abs(index - place) * this.cutoff * STEPS;
      const whole = Math.floor(distance);
      if (whole >= CROSSINGS * STEPS) continue;
      const below = this.table[whole];
      sum += all[index] * (below + (this.table[whole + 1] - below) * (distance - whole));
    }
    return sum * this.cutoff;
  }
}

/** Collects 16-bit samples into frames of one size. */
export class Framer {
  constructor(size) {
    this.frame = new Int16Array(size);
    this.count = 0;
  }

  /** Takes samples in [-1, 1]; calls `done` with every full frame and its level, the root of its mean square. */
  take(samples, done) {
    for (const sample of samples) {
      this.frame[this.count++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
      if (this.count < this.frame.length) continue;
      const frame = this.frame;
      this.frame = new Int16Array(frame.length);
      this.count = 0;
      done(frame, Math.sqrt(frame.reduce((sum, value) => sum + value * value, 0) / frame.length) / 32768);
    }
  }
}

/** Messages to the page: `{samples: Int16Array, level}` every 40 ms. */
class Recorder extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.resampler = new Resampler(sampleRate, processorOptions.rate);
    this.framer = new Framer(Math.round(processorOptions.rate * 0.04));
  }

  process([channels]) {
    if (!channels.length) return true;
    const mono = channels.length === 1
      ? channels[0]
      : channels[0].map((value, index) => channels.reduce((sum, other) => sum + other[index], 0) / channels.length);
    this.framer.take(this.resampler.take(mono), (samples, level) => {
      this.port.postMessage({ samples, level }, [samples.buffer]);
    });
    return true;
  }
}

registerProcessor("recorder", Recorder);
