// Type, and hear speech start at once.

import { byId, enable, show } from "./page-parts.js";
import { Player, SampleReader } from "./player.js";
import { Problem, request } from "./wire.js";
import { Waveform } from "./waveform.js";

/** Seconds of sound read ahead of the ear. More is left with the server, which then pauses. */
const AHEAD = 20;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

let waveform;
let reply = null;
/** The voice's rate in Hz, which a player is made for before the first sound says it. */
let voiceRate = 22050;

export function setUsualRate(rate) { if (rate) voiceRate = rate; }

export const usualRate = () => voiceRate;

/** One reply, from the click to its last sample. */
class Reply {
  constructor() {
    this.started = performance.now();
    this.abort = new AbortController();
    this.player = new Player(voiceRate);
    this.player.onstuck = (text) => show("speak-problem", text);
    this.reader = new SampleReader();
    this.samples = 0;
  }

  body() {
    const voice = byId("speak-voice").value;
    const speed = Number(byId("speak-speed").value);
    return JSON.stringify({ text: byId("speak-text").value, speed, ...(voice && { voice }) });
  }

  async play() {
    const answer = await request("/tts/stream", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: this.body(), signal: this.abort.signal,
    });
    const stream = answer.body.getReader();
    for (;;) {
      const { done, value } = await stream.read();
      if (done) break;
      this.take(this.reader.take(value));
      while (this.player.queued > AHEAD && !this.abort.signal.aborted) {
        // From here on the server waits for the ear: what it could do is no longer seen.
        this.isPaced = true;
        await pause(200);
      }
    }
    show("speak-length", `${this.seconds.toFixed(2)} s`);
    await this.silence();
  }

  get seconds() { return this.samples / (this.reader.rate || 1); }

  take(samples) {
    if (!samples.length) return;
    const elapsed = (performance.now() - this.started) / 1000;
    if (!this.samples) {
      show("speak-first", `${Math.round(elapsed * 1000)} ms`);
      show("speak-state", "Speaking…");
    }
    this.samples += samples.length;
    this.player.push(samples, this.reader.rate);
    waveform.add(samples, this.reader.rate);
    if (this.samples === samples.length) waveform.follow(this.player);
    if (!this.isPaced) show("speak-rtf", (elapsed / this.seconds).toFixed(3));
  }

  /** Waits for the last sample to be heard. */
  silence() {
    if (!this.player.isPlaying) return null;
    return new Promise((done) => {
      this.player.onidle = done;
      this.abort.signal.addEventListener("abort", done);
    });
  }

  stop() {
    this.abort.abort();
    this.player.close();
  }
}

function end() {
  reply?.stop();
  reply = null;
  enable("speak-stop", false, "speak-start");
}

async function say(event) {
  event.preventDefault();
  end();
  waveform.clear();
  for (const id of ["speak-first", "speak-rtf", "speak-length"]) show(id, "–");
  show("speak-problem", "");
  show("speak-state", "Waiting for the first sound…");
  const mine = new Reply();
  reply = mine;
  enable("speak-stop", true);
  let problem = "";
  try {
    await mine.play();
  } catch (error) {
    const broken = mine.samples ? "in the middle: what you heard is not all of it." : "before the first sound.";
    problem = error instanceof Problem ? error.message : `The connection broke ${broken}`;
  }
  // Another reply may have begun meanwhile.
  if (reply !== mine) return;
  const { gaps } = mine.player;
  show("speak-problem", problem);
  show("speak-state", problem ? "" : gaps ? `Done. The sound had to wait ${gaps} times.` : "Done.");
  end();
}

export function setUpSpeaking() {
  waveform = new Waveform(byId("speak-wave"));
  byId("speak-form").addEventListener("submit", say);
  byId("speak-stop").addEventListener("click", () => {
    end();
    show("speak-state", "Stopped.");
  });
  byId("speak-speed").addEventListener("input", ({ target }) => {
    show("speak-factor", Number(target.value).toFixed(1));
  });
  byId("speak-text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("speak-form").requestSubmit();
  });
}
