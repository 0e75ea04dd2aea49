// Speak, and watch partials become finals.

import { openMicrophone, RATE } from "./microphone.js";
import { parsed, problem, problemOfClose, request, socketURL, Problem } from "./wire.js";
import { byId, element, show } from "./page-parts.js";

/** Seconds of sound that may wait in the browser before the network counts as too slow. */
const PATIENCE = 20;

const language = () => byId("listen-language").value;

/** How many characters of the current utterance no later partial changes. */
export function stableCharacters({ text = "", utterance = text, stable_chars: stable = 0 }) {
  const before = Array.from(text).length - Array.from(utterance).length;
  return Math.max(0, stable - before);
}

function showPartial(message) {
  const characters = Array.from(message.utterance ?? message.text ?? "");
  const count = stableCharacters(message);
  const [stable, unstable] = byId("listen-partial").children;
  stable.textContent = characters.slice(0, count).join("");
  unstable.textContent = characters.slice(count).join("");
}

function addFinal(text, figures, tongue) {
  showPartial({});
  if (!text) return;
  const item = element("li", text);
  item.dir = "auto";
  if (tongue) item.lang = tongue;
  if (figures) item.append(element("small", figures));
  byId("listen-finals").append(item);
  byId("listen-log").scrollTop = byId("listen-log").scrollHeight;
}

/** One stream of speech, from the click to the last final. */
class Stream {
  constructor() {
    this.isEnding = false;
    this.waiting = [];
  }

  async open() {
    const microphone = await openMicrophone((samples, level) => this.hear(samples, level));
    // The user may have ended it while the browser asked.
    if (this.isEnding) {
      microphone.close();
      return this.finished(null);
    }
    this.microphone = microphone;
    microphone.onLost(() => this.finished(new Problem("The microphone is gone.")));
    byId("listen-level").hidden = false;
    show("listen-state", "Connecting…");
    this.socket = new WebSocket(socketURL("/asr/stream", { sample_rate: RATE, vad: "silero", language: language() }));
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      show("listen-state", "Listening. Speak now.");
      for (const samples of this.waiting.splice(0)) this.socket.send(samples);
    };
    this.socket.onmessage = ({ data }) => this.told(parsed(data));
    this.socket.onclose = (event) => this.finished(this.isEnding ? null : problemOfClose(event));
  }

  hear(samples, level) {
    byId("listen-level").value = Math.min(1, level * 4);
    if (this.isEnding) return;
    if (this.socket?.readyState === WebSocket.OPEN) {
      if (this.socket.bufferedAmount > PATIENCE * RATE * 2) {
        return this.finished(new Problem("The network is too slow for what you say."));
      }
      this.socket.send(samples);
    } else if (this.waiting.length < PATIENCE * 25) {
      // What is said while the socket opens is not lost.
      this.waiting.push(samples);
    }
  }

  told(message) {
    if (message?.type === "partial") return showPartial(message);
    if (message?.type === "error") {
      const error = problem(message, "The recognizer had a fault.");
      return message.is_final ? this.finished(error) : show("listen-problem", error.message);
    }
    if (message?.type !== "final") return;
    const text = message.utterance ?? message.text;
    const isNew = !message.session_complete || (text && !message.duplicate_of_streamed);
    const delay = message.finalize_ms;
    const figures = [
      delay !== undefined ? `final ${Math.round(delay)} ms after the end` : "",
      message.language ?? "", message.simulated ? `NPU of ${message.simulated} simulated` : "",
    ].filter(Boolean).join(" · ");
    if (isNew) addFinal(text, figures, message.language); else showPartial({});
  }

  /** The end that the user asks for: the last final still comes, unless it is asked for twice. */
  end() {
    if (this.isEnding || this.socket?.readyState !== WebSocket.OPEN) {
      this.isEnding = true;
      return this.finished(null);
    }
    this.isEnding = true;
    show("listen-state", "Waiting for the last words…");
    byId("listen-start").textContent = "Stop waiting";
    this.quiet();
    this.socket.send('{"type":"stop"}');
  }

  finished(error) {
    // Another may have begun meanwhile.
    if (stream !== this) return;
    this.quiet();
    if (this.socket) {
      // A network that is gone lets nothing close for a long time.
      this.socket.onmessage = this.socket.onclose = null;
      this.socket.close();
    }
    if (error) show("listen-problem", error.message);
    show("listen-state", "");
    showPartial({});
    toggle(null);
  }

  quiet() {
    this.microphone?.close();
    this.microphone = null;
    byId("listen-level").value = 0;
    byId("listen-level").hidden = true;
  }
}

let stream = null;

function toggle(next) {
  stream = next;
  const button = byId("listen-start");
  button.dataset.on = Boolean(next);
  button.textContent = next ? "Stop listening" : "Listen to me";
}

async function startOrEnd() {
  if (stream) return stream.end();
  show("listen-problem", "");
  show("listen-state", "Asking for the microphone…");
  const opened = new Stream();
  toggle(opened);
  try {
    await opened.open();
  } catch (error) {
    opened.finished(error);
  }
}

async function hearFile(file) {
  if (!file) return;
  show("listen-problem", "");
  show("listen-state", `Listening to ${file.name}…`);
  const form = new FormData();
  form.set("file", file);
  if (language() !== "auto") form.set("language", language());
  try {
    const heard = await (await request("/asr", { method: "POST", body: form })).json();
    const figures = `${heard.duration.toFixed(1)} s in ${heard.inference_time.toFixed(2)} s · ${heard.language}`;
    if (heard.text) addFinal(heard.text, figures, heard.language);
    show("listen-state", heard.text ? "" : "Nobody speaks in this recording.");
  } catch (error) {
    show("listen-state", "");
    show("listen-problem", error.message);
  }
}

export function setUpListening() {
  byId("listen-start").addEventListener("click", startOrEnd);
  byId("listen-file").addEventListener("change", ({ target }) => {
    hearFile(target.files[0]);
    // The same file may be chosen again.
    target.value = "";
  });
}
