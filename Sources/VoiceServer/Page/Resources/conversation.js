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
        this.rate = 0;
        this.expectsRate = true;
        this.isMuted = false;
        this.socket = new WebSocket(socketURL("/dialogue"));
        this.socket.binaryType = "arraybuffer";
        this.socket.onopen = () => this.told.open?.();
        this.socket.onmessage = ({ data }) => {
            if (typeof data === "string") this.message(parsed(data)); else this.sound(data);
        };
        this.socket.onclose = (event) => this.told.closed?.(this.isEnding ? null : problemOfClose(event));
    }

    get isOpen() { return this.socket.readyState === WebSocket.OPEN; }

    /** Says that sound will come. */
    listen() { this.send({ audio: true, sample_rate: RATE }); }

    /** A whole turn, typed. */
    say(text) { this.send({ text }); }

    /** Sound of the user. */
    hear(samples) {
        if (!this.isOpen) return;
        if (this.socket.bufferedAmount > PATIENCE * RATE * 2) {
            this.told.problem?.(new Problem("The network is too slow for what you say."));
            return this.close();
        }
        this.socket.send(samples);
    }

    /** Nothing more of this reply: what is still on its way is not played either. */
    interrupt() {
        this.isMuted = true;
        this.send({ type: "abort" });
    }

    close() {
        this.isEnding = true;
        this.socket.close(1000);
    }

    send(message) { if (this.isOpen) this.socket.send(JSON.stringify(message)); }

    /** A binary frame: the rate in Hz in four bytes, or samples. */
    sound(data) {
        if (this.expectsRate && data.byteLength === 4) {
            this.rate = new DataView(data).getUint32(0, true);
            this.expectsRate = false;
        } else if (!this.isMuted && this.rate) {
            this.told.sound?.(new Int16Array(data, 0, data.byteLength >> 1), this.rate);
        }
    }

    message(message) {
        if (!message) return;
        if (message.error) this.told.problem?.(problem(message, "The dialogue had a fault."));
        switch (message.type) {
        case "partial": return this.told.partial?.(message);
        case "final": return this.told.heard?.(message.utterance ?? message.text);
        case "vad_event":
            if (message.event === "speech_start") this.told.speechStarted?.();
            return;
        case "turn_started":
            this.isMuted = false;
            this.expectsRate = true;
            return this.told.turnStarted?.(message);
        case "sentence": return this.isMuted || this.told.sentence?.(message.text);
        default: if (message.done !== undefined) this.told.turnEnded?.(message);
        }
    }
}
