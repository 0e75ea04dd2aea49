// Speak or type, hear the answer, interrupt it.

import { Conversation } from "./conversation.js";
import { isMicrophoneLocked, openMicrophone } from "./microphone.js";
import { byId, element, enable, show } from "./page-parts.js";
import { Player } from "./player.js";
import { usualRate } from "./speak.js";
import { Waveform } from "./waveform.js";

/** Milliseconds between two words to the server about how much was heard. */
const REPORTS = 250;
const STEPS = {
  endpoint: "pause", recognition: "recognition", first_token: "first word", first_sentence: "first sentence",
  first_sound: "first sound", total: "in all",
};

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

/** What a turn cost, and how much of it was heard, in words. */
function figures({ outcome, latency_ms: latency = {}, audio_ms: audio = {} }) {
  const steps = Object.entries(STEPS).filter(([step]) => Number.isFinite(latency[step]));
  const words = steps.map(([step, name]) => `${name} ${Math.round(latency[step])} ms`);
  if (outcome !== "done") {
    const [heard, made] = [audio.played, audio.generated].map((value = 0) => (value / 1000).toFixed(1));
    words.unshift(`${outcome === "failed" ? "failed" : "interrupted"}, ${heard} of ${made} s heard`);
  }
  return words.join(" · ");
}

/** One conversation, from the first click to the last. */
class Talk {
  constructor() {
    /** What was typed before the socket was open, and what the server will name as a question. */
    this.waiting = [];
    this.typed = [];
    this.start = 0;
    this.player = new Player(usualRate());
    this.player.onidle = () => this.idle();
    this.conversation = new Conversation({
      open: () => this.opened(),
      speechStarted: () => this.hush("Listening…"),
      partial: (text) => show("talk-partial", text),
      heard: (text) => this.heard(text),
      turnStarted: () => this.began(),
      sentence: (text) => this.sentence(text),
      sound: (samples, rate) => this.sound(samples, rate),
      turnEnded: (report) => this.ended(report),
      problem: (error) => show("talk-problem", error.message),
      closed: (error) => this.closed(error),
    });
    this.reports = setInterval(() => this.player.isPlaying && this.report(), REPORTS);
  }

  report() { this.conversation.played(this.player.played - this.start); }

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
    } catch (error) {
      show("talk-problem", error.message);
    }
    this.idle();
  }

  opened() {
    if (!this.waiting.length) return this.idle();
    for (const text of this.waiting.splice(0)) this.conversation.say(text);
  }

  say(text) {
    this.hush("Thinking…");
    this.typed.push(text);
    addLine("You", text);
    if (this.conversation.isOpen) this.conversation.say(text); else this.waiting.push(text);
  }

  heard(text) {
    show("talk-partial", "");
    // What was typed stands there already.
    const place = this.typed.indexOf(text);
    if (place >= 0) this.typed.splice(0, place + 1); else if (text) addLine("You", text);
    show("talk-state", "Thinking…");
  }

  began() {
    this.answer = null;
    this.start = this.player.played;
    this.player.breakHere();
    show("talk-problem", "");
    waveform.clear();
  }

  sentence(text) {
    this.answer ??= { turn: this.conversation.turn, ...addLine("Answer", "") };
    this.answer.said.textContent += (this.answer.said.textContent ? " " : "") + text;
  }

  sound(samples, rate) {
    const isFirst = !this.player.isPlaying;
    this.player.push(samples, rate);
    waveform.add(samples, rate);
    if (!isFirst) return;
    enable("talk-stop", true);
    show("talk-state", "Speaking. Interrupt it whenever you like.");
    waveform.follow(this.player, this.start);
  }

  ended(report) {
    if (report.turn === this.answer?.turn) this.conclude(this.answer, report);
    if (report.reason === "nothing_heard") show("talk-partial", "");
    if (!this.player.isPlaying) this.idle();
  }

  conclude({ item, said }, report) {
    item.querySelector("small")?.remove();
    item.append(element("small", figures(report)));
    const text = said.textContent;
    const { heard = "" } = report;
    if (report.outcome === "done" || !text.startsWith(heard)) return;
    said.replaceChildren(heard, element("span", text.slice(heard.length), { class: "cut" }));
  }

  /** Silence at once: the answer ends in the browser before the server says so. */
  hush(state) {
    if (this.player.isPlaying) this.report();
    this.player.flush();
    this.conversation.mute();
    enable("talk-stop", false, "talk-text");
    show("talk-state", state);
  }

  interrupt() {
    this.hush("Interrupted.");
    this.conversation.interrupt();
  }

  idle() {
    enable("talk-stop", false, "talk-text");
    if (this.player.played > this.start) this.report();
    const isHeard = Boolean(this.microphone);
    if (this.conversation.isOpen) show("talk-state", isHeard ? "Listening. Speak now." : "Type what you want to say.");
  }

  end() { this.conversation.close(); }

  closed(error) {
    clearInterval(this.reports);
    this.microphone?.close();
    this.player.close();
    byId("talk-level").value = 0;
    enable("talk-stop", false, "talk-text");
    show("talk-partial", "");
    show("talk-state", "The conversation is over.");
    // What the server said before it closed says more than its code.
    if (error && !byId("talk-problem").textContent) show("talk-problem", error.message);
    if (talk === this) change(null);
  }
}

function change(next) {
  talk = next;
  byId("talk-start").dataset.on = Boolean(next);
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
