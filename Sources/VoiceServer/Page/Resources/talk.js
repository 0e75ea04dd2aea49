// Speak or type, hear the answer, interrupt it.

import { Conversation } from "./conversation.js";
import { isMicrophoneLocked, openMicrophone } from "./microphone.js";
import { byId, element, show } from "./page-parts.js";
import { Player } from "./player.js";
import { usualRate } from "./speak.js";
import { Waveform } from "./waveform.js";

let waveform;
let talk = null;

function addLine(who, text) {
    const item = element("li");
    const said = element("span", text, { dir: "auto" });
    item.append(element("span", `${who}:`, { class: "who" }), said);
    byId("talk-turns").append(item);
    byId("talk-log").scrollTop = byId("talk-log").scrollHeight;
    return { item, said };
}

const milliseconds = (value) => (Number.isFinite(value) ? `${Math.round(value)} ms` : null);

/** What a turn cost, in words. */
function costs({ latency = {} }) {
    return [
        ["pause", latency.endpoint_ms], ["recognition", latency.asr_ms], ["first word", latency.first_token_ms],
        ["first sentence", latency.first_sentence_ms], ["first sound", latency.first_audio_ms],
        ["in all", latency.voice_to_voice_ms],
    ].filter(([, value]) => Number.isFinite(value)).map(([name, value]) => `${name} ${milliseconds(value)}`).join(" · ");
}

/** One conversation, from the first click to the last. */
class Talk {
    constructor() {
        this.player = new Player(usualRate());
        this.start = 0;
        this.conversation = new Conversation({
            open: () => this.opened(),
            speechStarted: () => this.heardSpeech(),
            partial: (message) => show("talk-partial", message.utterance ?? message.text ?? ""),
            heard: (text) => this.heard(text),
            turnStarted: () => this.began(),
            sentence: (text) => this.sentence(text),
            sound: (samples, rate) => this.sound(samples, rate),
            turnEnded: (report) => this.ended(report),
            problem: (error) => show("talk-problem", error.message),
            closed: (error) => this.closed(error),
        });
        this.waiting = [];
        this.player.onidle = () => this.idle();
    }

    async listen() {
        try {
            const microphone = await openMicrophone((samples, level) => {
                byId("talk-level").value = Math.min(1, level * 4);
                this.conversation.hear(samples);
            });
            // The user may have ended the conversation while the browser asked.
            if (talk !== this) return microphone.close();
            this.microphone = microphone;
            microphone.onLost(() => show("talk-problem", "The microphone is gone. Typing works all the same."));
            if (this.conversation.isOpen) this.conversation.listen();
            this.idle();
        } catch (error) {
            show("talk-problem", error.message);
            show("talk-state", "Type what you want to say.");
        }
    }

    opened() {
        if (this.microphone) this.conversation.listen();
        for (const text of this.waiting.splice(0)) this.conversation.say(text);
        this.idle();
    }

    say(text) {
        this.hush();
        addLine("You", text);
        show("talk-state", "Thinking…");
        if (this.conversation.isOpen) this.conversation.say(text); else this.waiting.push(text);
    }

    /** The user begins to speak: the answer ends here, before the server says so. */
    heardSpeech() {
        if (this.hush()) this.conversation.isMuted = true;
        show("talk-state", "Listening…");
    }

    heard(text) {
        show("talk-partial", "");
        if (!text) return this.idle();
        addLine("You", text);
        show("talk-state", "Thinking…");
    }

    began() {
        this.answer = null;
        this.start = this.player.played;
        this.player.breakHere();
        waveform.clear();
    }

    sentence(text) {
        this.answer ??= addLine("Answer", "");
        this.answer.said.textContent += (this.answer.said.textContent ? " " : "") + text;
    }

    sound(samples, rate) {
        const isFirst = !this.player.isPlaying;
        this.player.push(samples, rate);
        waveform.add(samples, rate);
        if (!isFirst) return;
        byId("talk-stop").disabled = false;
        show("talk-state", "Speaking. Interrupt it whenever you like.");
        waveform.follow(this.player, this.start);
    }

    ended(report) {
        if (this.answer) {
            const figures = [report.done === false ? "interrupted" : "", costs(report)].filter(Boolean).join(" · ");
            if (figures) this.answer.item.append(element("small", figures));
            if (report.cancelled) this.answer.said.classList.add("cut");
        }
        if (!this.player.isPlaying) this.idle();
    }

    /** Silence at once; returns whether there was anything to silence. */
    hush() {
        const wasPlaying = this.player.isPlaying;
        this.player.flush();
        byId("talk-stop").disabled = true;
        return wasPlaying;
    }

    interrupt() {
        this.conversation.interrupt();
        this.hush();
        show("talk-state", "Interrupted.");
    }

    idle() {
        byId("talk-stop").disabled = true;
        if (this.conversation.isOpen) show("talk-state", this.microphone ? "Listening. Speak now." : "Type what you want to say.");
    }

    end() { this.conversation.close(); }

    closed(error) {
        this.microphone?.close();
        this.player.close();
        byId("talk-level").value = 0;
        byId("talk-stop").disabled = true;
        show("talk-partial", "");
        show("talk-state", "The conversation is over.");
        if (error) show("talk-problem", error.message);
        if (talk === this) change(null);
    }
}

function change(next) {
    talk = next;
    byId("talk-start").setAttribute("aria-pressed", String(Boolean(next)));
    byId("talk-start").textContent = next ? "End the conversation" : "Start the conversation";
}

function start(listens) {
    show("talk-problem", "");
    show("talk-state", "Connecting…");
    change(new Talk());
    if (listens && !isMicrophoneLocked()) talk.listen();
}

export function setUpTalking() {
    waveform = new Waveform(byId("talk-wave"));
    byId("talk-start").addEventListener("click", () => (talk ? talk.end() : start(true)));
    byId("talk-stop").addEventListener("click", () => talk?.interrupt());
    document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && talk?.player.isPlaying) talk.interrupt();
    });
    byId("talk-form").addEventListener("submit", (event) => {
        event.preventDefault();
        const text = byId("talk-text").value.trim();
        if (!text) return;
        if (!talk) start(false);
        talk.say(text);
        byId("talk-text").value = "";
    });
}
