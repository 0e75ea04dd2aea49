// Sound that is played as it comes. Needs no secure context.

/** Seconds between the first samples and their sound: room for the second piece to come. */
const LEAD = 0.06;
const SILENT = "The browser gives no sound out. It may have no loudspeaker, or wait for a click on this page.";
/** Milliseconds after which a loudspeaker that gives no sound is told. */
const PATIENCE = 2000;

/**
 * Starts a context anew when the user comes back or touches the page. A phone that rings takes the sound away, and does
 * not give it back by itself.
 */
export function keepAwake(context) {
  const isOver = new AbortController();
  const wake = () => {
    if (context.state === "closed") isOver.abort();
    else if (context.state !== "running" && !document.hidden) context.resume().catch(() => {});
  };
  for (const event of ["pointerdown", "keydown", "visibilitychange"]) {
    document.addEventListener(event, wake, { signal: isOver.signal });
  }
  context.addEventListener("statechange", wake);
}

/** Plays pieces of mono sound one after the other, without a gap where they come in time. */
export class Player {
  /** Call it from a click: a browser keeps other sound back. `rate`: of the sound that will come, in Hz. */
  constructor(rate) {
    // Without a microphone, so that the switch that silences an iPhone's bell does not silence this.
    if (navigator.audioSession?.type === "auto") navigator.audioSession.type = "playback";
    try {
      // At the sound's own rate nothing is resampled, and so no seam between two pieces is heard.
      this.context = new AudioContext({ sampleRate: rate, latencyHint: "interactive" });
    } catch {
      this.context = new AudioContext();
    }
    this.context.resume().catch(() => {});
    keepAwake(this.context);
    this.pieces = new Set();
    this.next = 0;
    this.done = 0;
    /** How often the sound had to wait for its next piece. */
    this.gaps = 0;
    this.isUnbroken = false;
    this.onidle = null;
    /** Called when the browser gives no sound out: it has no loudspeaker, or waits for a click. */
    this.onstuck = null;
  }

  /** Queues samples (Int16Array) at a rate in Hz. */
  push(samples, rate) {
    if (!samples.length) return;
    const buffer = this.context.createBuffer(1, samples.length, rate);
    const channel = buffer.getChannelData(0);
    for (let index = 0; index < samples.length; index++) channel[index] = samples[index] / 32768;
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    const now = this.context.currentTime;
    if (this.next < now) {
      if (this.isUnbroken) this.gaps++;
      this.next = now + LEAD;
    }
    const piece = { source, at: this.next, seconds: buffer.duration };
    this.next += buffer.duration;
    this.isUnbroken = true;
    if (!this.pieces.size) this.watch();
    this.pieces.add(piece);
    source.onended = () => this.ended(piece);
    source.start(piece.at);
  }

  watch() {
    setTimeout(() => this.isPlaying && this.context.state !== "running" && this.onstuck?.(SILENT), PATIENCE);
  }

  ended(piece) {
    if (!this.pieces.delete(piece)) return;
    this.done += piece.seconds;
    if (this.pieces.size === 0) this.onidle?.();
  }

  /** Seconds of sound that left the loudspeaker, as far as a browser knows. */
  get played() {
    const now = this.context.currentTime - (this.context.outputLatency || 0);
    let seconds = this.done;
    for (const { at, seconds: length } of this.pieces) seconds += Math.max(0, Math.min(length, now - at));
    return seconds;
  }

  /** Seconds that wait to be played. */
  get queued() { return Math.max(0, this.next - this.context.currentTime); }

  get isPlaying() { return this.pieces.size > 0; }

  /** What comes next begins anew: a pause before it is no gap. */
  breakHere() { this.isUnbroken = false; }

  /** Silence at once: drops what is queued, and returns the seconds that were played of it all. */
  flush() {
    const seconds = this.played;
    for (const { source } of this.pieces) {
      source.onended = null;
      source.stop();
      source.disconnect();
    }
    this.pieces.clear();
    this.done = seconds;
    this.next = 0;
    this.isUnbroken = false;
    return seconds;
  }

  close() {
    this.flush();
    this.context.close();
  }
}

/** Reads 16-bit little-endian samples out of bytes that are cut anywhere; the first four may be their rate. */
export class SampleReader {
  constructor() {
    this.rest = new Uint8Array(0);
    this.rate = 0;
  }

  /** Takes bytes; returns the samples that are whole, an Int16Array that may be empty. */
  take(bytes) {
    let all = new Uint8Array(this.rest.length + bytes.length);
    all.set(this.rest);
    all.set(bytes, this.rest.length);
    if (!this.rate) {
      if (all.length < 4) {
        this.rest = all;
        return new Int16Array(0);
      }
      this.rate = new DataView(all.buffer).getUint32(0, true);
      all = all.slice(4);
    }
    const count = all.length >> 1;
    const view = new DataView(all.buffer, all.byteOffset);
    const samples = Int16Array.from({ length: count }, (_, index) => view.getInt16(2 * index, true));
    this.rest = all.slice(2 * count);
    return samples;
  }
}
