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
  showEnd();
  return { item, said };
}

function showEnd() { byId("talk-log").scrollTop = byId("talk-log").scrollHeight; }

/** What a turn cost, and how much of it was heard, in words. */
function figures({ outcome, simulated, latency_ms: latency = {}, audio_ms: audio = {} }) {
  const steps = Object.entries(STEPS).filter(([step]) => Number.isFinite(latency[step]));
  const words = steps.map(([step, name]) => `${name} ${Math.round(latency[step])} ms`);
  if (outcome !== "done") {
    const [heard, made] = [audio.played, audio.generated].map((value = 0) => (value / 1000).toFixed(1));
    words.unshift(`${outcome === "failed" ? "failed" : "interrupted"}, ${heard} of ${made} s heard`);
  }
  if (simulated) words.push(`NPU of ${simulated} simulated`);
  return words.join(" · ");
}

/** Where in the text of an answer its beginning ends, however the two are spaced. */
function endOf(beginning, text) {
  let left = beginning.replace(/\s/g, "").length;
  let place = 0;
  while (left > 0 && place < text.length) if (/\S/.test(text[place++])) left--;
  return place;
}

/** One conversation, from the first click to the last. */
class Talk {
  constructor() {
    /** What was typed before the socket was open, and what the server will name as a question. */
    this.waiting = [];
    this.typed = [];
    this.start = 0;
    /** Whether the microphone may still be asked for. */
    this.mayListen = !isMicrophoneLocked();
    this.player = new Player(usualRate());
    this.player.onidle = () => this.idle();
    this.player.onstuck = (text) => show("talk-problem", text);
    this.conversation = new Conversation({
      open: () => this.opened(),
      speechStarted: () => this.hush("Listening…"),
      partial: (text) => show("talk-partial", text),
      heard: (text) => this.heard(text),
      turnStarted: () => this.began(),
      sentence: (text) => this.sentence(text),
      sound: (samples, rate) => this.sound(samples, rate),
      turnEnded: (report) => this.ended(report),
      problem: (error) => this.complain(error),
      closed: (error) => this.closed(error),
    });
    this.reports = setInterval(() => this.player.isPlaying && this.report(), REPORTS);
  }

  report() { this.conversation.played(this.player.played - this.start); }

  /** Whether there is something to interrupt. */
  get isBusy() { return this.isThinking || this.player.isPlaying; }

  think() {
    this.isThinking = true;
    enable("talk-stop", true);
    show("talk-state", "Thinking…");
  }

  complain(error) {
    show("talk-problem", error.message);
    if (this.player.isPlaying) return;
    this.isThinking = false;
    this.idle();
  }

  async listen() {
    this.mayListen = false;
    this.isAsking = true;
    showButton();
    show("talk-state", "Asking for the microphone…");
    try {
      const microphone = await openMicrophone((samples, level) => {
        byId("talk-level").value = Math.min(1, level * 4);
        this.conversation.hear(samples);
      });
      // The user may have ended the conversation while the browser asked.
      if (talk !== this) return microphone.close();
      this.microphone = microphone;
      byId("talk-level").hidden = false;
      microphone.onLost(() => this.lost());
    } catch (error) {
      if (talk === this) show("talk-problem", error.message);
    }
    this.isAsking = false;
    if (talk === this && !this.isBusy) this.idle();
  }

  lost() {
    this.quiet();
    show("talk-problem", "The microphone is gone. Typing works all the same.");
    if (!this.isBusy) this.idle();
  }

  quiet() {
    this.microphone?.close();
    this.microphone = null;
    byId("talk-level").value = 0;
    byId("talk-level").hidden = true;
  }

  opened() {
    if (!this.waiting.length) return this.idle();
    for (const text of this.waiting.splice(0)) this.conversation.say(text);
  }

  say(text) {
    this.hush();
    this.think();
    this.typed.push(text);
    addLine("You", text);
    if (this.conversation.isOpen) this.conversation.say(text); else this.waiting.push(text);
  }

  heard(text) {
    show("talk-partial", "");
    // What was typed stands there already.
    const place = this.typed.indexOf(text);
    if (place >= 0) this.typed.splice(0, place + 1); else if (text) addLine("You", text);
    this.think();
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
    const before = this.answer.said.textContent;
    // Chinese and Japanese have no space between sentences.
    this.answer.said.textContent += (!before || /[。！？]$/.test(before) ? "" : " ") + text;
    showEnd();
  }

  sound(samples, rate) {
    const isFirst = !this.player.isPlaying;
    this.isThinking = false;
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
    // Another question took its place, and is thought about.
    if (report.reason === "question" || report.reason === "speech") return;
    this.isThinking = false;
    // What the server took back while it was on its way.
    if (report.outcome === "cancelled" && report.turn === this.conversation.turn) this.hush();
    if (!this.player.isPlaying) this.idle();
  }

  conclude({ item, said }, report) {
    item.querySelector("small")?.remove();
    item.append(element("small", figures(report)));
    showEnd();
    const text = said.textContent;
    if (report.outcome === "done") return;
    const place = endOf(report.heard ?? "", text);
    said.replaceChildren(text.slice(0, place), element("span", text.slice(place), { class: "cut" }));
  }

  /** Silence at once: the answer ends in the browser before the server says so. */
  hush(state) {
    this.isThinking = false;
    if (this.player.isPlaying) this.report();
    this.player.flush();
    this.conversation.mute();
    enable("talk-stop", false, "talk-text");
    if (state) show("talk-state", state);
  }

  interrupt() {
    this.waiting = [];
    this.hush("Interrupted.");
    this.conversation.interrupt();
  }

  idle() {
    enable("talk-stop", this.isThinking, "talk-text");
    if (this.player.played > this.start) this.report();
    if (this.isThinking || this.isAsking) return;
    const isHeard = Boolean(this.microphone);
    if (this.conversation.isOpen) show("talk-state", isHeard ? "Listening. Speak now." : "Type what you want to say.");
  }

  end() { this.conversation.close(); }

  closed(error) {
    this.mayListen = false;
    clearInterval(this.reports);
    this.quiet();
    this.player.close();
    enable("talk-stop", false, "talk-text");
    show("talk-partial", "");
    show("talk-state", "The conversation is over.");
    // What the server said before it closed says more than its code.
    if (error && !byId("talk-problem").textContent) show("talk-problem", error.message);
    if (talk === this) change(null);
  }
}

/** The one button starts a conversation, adds the microphone to a typed one, and ends it. */
function showButton() {
  const isOn = Boolean(talk) && !talk.mayListen;
  byId("talk-start").dataset.on = isOn;
  byId("talk-start").textContent = isOn ? "End the conversation" : talk ? "Speak" : "Start the conversation";
}

function change(next) {
  talk = next;
  showButton();
}

function press() {
  if (!talk) start(true); else if (talk.mayListen) talk.listen(); else talk.end();
}

function start(listens) {
  show("talk-problem", "");
  show("talk-state", "Connecting…");
  change(new Talk());
  if (listens && talk.mayListen) talk.listen();
}

export function setUpTalking() {
  waveform = new Waveform(byId("talk-wave"));
  byId("talk-start").addEventListener("click", press);
  byId("talk-stop").addEventListener("click", () => talk?.interrupt());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && talk?.isBusy) talk.interrupt();
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
