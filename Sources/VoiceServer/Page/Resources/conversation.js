// The socket of a dialogue: its messages in, what they mean out.

import { RATE } from "./microphone.js";
import { parsed, problem, problemOfClose, Problem, socketURL } from "./wire.js";

/** Seconds of the user's sound that may wait in the browser. */
const PATIENCE = 10;

/**
 * One connection. `told` gets what happens, by name: open, speechStarted, partial, heard, turnStarted, sentence, sound,
 * turnEnded, problem, closed.
 */
export class Conversation {
  constructor(told) {
    this.told = told;
    /** The turn whose answer comes. */
    this.turn = 0;
    this.rate = 0;
    this.isMuted = false;
    this.socket = new WebSocket(socketURL("/dialogue", { events: true, barge_in: true, sample_rate: RATE }));
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => told.open();
    this.socket.onmessage = ({ data }) => (typeof data === "string" ? this.message(parsed(data)) : this.sound(data));
    this.socket.onclose = (event) => told.closed(problemOfClose(event));
  }

  get isOpen() { return this.socket.readyState === WebSocket.OPEN; }

  /** A whole turn, typed. It takes the place of an answer that is heard. */
  say(text) { this.send({ text, interrupt: true }); }

  /** Sound of the user. */
  hear(samples) {
    if (!this.isOpen) return;
    if (this.socket.bufferedAmount <= PATIENCE * RATE * 2) return this.socket.send(samples);
    this.close(new Problem("The network is too slow for what you say."));
  }

  /** How much of an answer was heard, so that the history of the conversation is right. */
  played(seconds) {
    if (this.turn) this.send({ type: "played", turn: this.turn, ms: Math.round(seconds * 1000) });
  }

  /** Nothing more of this answer. */
  interrupt() {
    this.mute();
    this.send({ type: "abort" });
  }

  /** What is still on its way of this answer is not played. */
  mute() { this.isMuted = true; }

  /** The end, at once: a network that is gone lets nothing close for a long time. */
  close(error = null) {
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close(1000);
    this.told.closed(error);
  }

  send(message) { if (this.isOpen) this.socket.send(JSON.stringify(message)); }

  /** A binary frame: for each turn its rate in Hz in four bytes, then samples. */
  sound(data) {
    if (!this.rate && data.byteLength === 4) this.rate = new DataView(data).getUint32(0, true);
    else if (this.rate && !this.isMuted) this.told.sound(new Int16Array(data), this.rate);
  }

  message(message) {
    if (!message) return;
    const { told } = this;
    switch (message.type) {
    case "speech_started": return told.speechStarted();
    case "partial": return told.partial(message.text);
    case "final": return told.heard(message.text);
    case "sentence":
      if (message.turn > this.turn) this.begin(message.turn);
      return this.isMuted || told.sentence(message.text);
    case "done": case "truncated": return told.turnEnded(message);
    case "trouble": case "error": case undefined:
      told.problem(problem({ ...message, error: message.message ?? message.error }, "The answer failed."));
      if (message.outcome) told.turnEnded(message);
    }
  }

  begin(turn) {
    this.turn = turn;
    this.rate = 0;
    this.isMuted = false;
    this.told.turnStarted();
  }
}
