// Models, voices, load and health.

import { byId, element, fill, languageName, show } from "./page-parts.js";
import { setUsualRate } from "./speak.js";
import { Problem, request } from "./wire.js";

/** Milliseconds between two looks: soon while something loads, seldom afterwards. */
const SOON = 2000;
const SELDOM = 5000;

/** Milliseconds that one answer may take. */
const PATIENCE = 10000;

const SKILLS = { asr: "Speech to text", tts: "Text to speech" };
const STATES = {
  ready: "ready", loading: "loading", failed: "could not be loaded", canary_failed: "does not answer",
};
const REASONS = {
  loading: "The models are loading.", failed: "A model could not be loaded.", canary_failed: "A model does not answer.",
  npu_hung: "The NPU does not answer.", shutting_down: "The server is shutting down.",
  disabled: "All skills are switched off.",
};

/** The sums of a Prometheus text, by name; labels are added up. */
export function sums(text) {
  const found = new Map();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line) ?? [];
    if (name) found.set(name, (found.get(name) ?? 0) + Number(value));
  }
  return found;
}

function showReadiness(told, status) {
  if (status === 404) {
    show("readiness", "The server answers, but does not say whether it is ready.");
    byId("readiness").dataset.state = "unknown";
    return;
  }
  const isReady = status === 200;
  const degraded = Object.values(told.details ?? {}).flatMap((detail) => detail.degraded ?? []);
  const words = isReady ? ["Ready."] : (told.reasons ?? []).map((reason) => REASONS[reason] ?? reason);
  show("readiness", [...words, ...degraded].join(" "));
  const isBad = !isReady && !(told.reasons ?? []).includes("loading");
  byId("readiness").dataset.state = isReady ? "ready" : isBad ? "bad" : "waiting";
  const rows = Object.entries(told.details ?? {}).filter(([, detail]) => detail.state !== "ready").map(row);
  byId("loading").replaceChildren(...rows);
}

/** A skill that is not ready: how far it is, or what is wrong. */
function row([skill, detail]) {
  const name = SKILLS[skill] ?? skill;
  const words = [`${name}: ${STATES[detail.state] ?? detail.state}`, detail.step, detail.message];
  const line = element("div");
  line.append(element("p", words.filter(Boolean).join(", ")));
  if (detail.state === "loading") {
    const bar = element("progress", "", { max: 1, "aria-label": `${name}: loading` });
    if (typeof detail.progress === "number") bar.value = detail.progress;
    line.append(bar);
  }
  return line;
}

let shown = "";

function showModels({ asr, tts, npu, llm }) {
  // A list that is made anew closes under the hand that chooses from it.
  const models = JSON.stringify([asr, tts, npu?.board, llm]);
  if (models === shown) return;
  shown = models;
  const rows = [[SKILLS.asr, asr], [SKILLS.tts, tts]].map(([task, model]) => {
    const line = element("tr");
    const where = model?.providers?.map((provider) => provider.toUpperCase()).join(", ") ?? "";
    const board = npu?.board && npu.board !== "cpu" ? ` of ${npu.board}${npu.simulated ? ", simulated" : ""}` : "";
    line.append(
      element("th", task, { scope: "row" }),
      element("td", model ? `${model.model_id} (${model.backend}, ${model.sample_rate / 1000} kHz)` : "not there"),
      element("td", where && where + board),
      languages(model),
    );
    return line;
  });
  if (llm?.name) {
    const line = element("tr");
    line.append(element("th", "Answers", { scope: "row" }), element("td", llm.name), element("td"), element("td"));
    rows.push(line);
  }
  byId("talk-notice").hidden = !llm?.notice;
  show("talk-notice", llm?.notice?.replace(/^./, (first) => first.toUpperCase()) ?? "");
  byId("models").replaceChildren(...rows);
  const voices = tts?.voices ?? [];
  byId("voices").replaceChildren(...voices.map((voice) => {
    return element("li", `${voice.name}: ${voice.languages.map(languageName).join(", ")}`);
  }));
  fill(byId("speak-voice"), [["", "default"], ...voices.map(({ name }) => [name, name])]);
  const tongues = (asr?.languages ?? []).map((code) => [code, languageName(code)]);
  fill(byId("listen-language"), [["auto", "automatic"], ...tongues.sort((a, b) => a[1].localeCompare(b[1]))]);
  setUsualRate(tts?.sample_rate);
}

/** All languages; behind their number where a model knows a hundred. */
function languages(model) {
  const names = (model?.languages ?? []).map(languageName).sort((a, b) => a.localeCompare(b));
  const cell = element("td", names.length <= 8 ? names.join(", ") : "");
  if (cell.textContent || !names.length) return cell;
  const box = element("details");
  box.append(element("summary", `${names.length} languages`), names.join(", "));
  cell.append(box);
  return cell;
}

let last = null;

function showLoad(text, now) {
  const found = sums(text);
  const mean = (name) => found.get(`${name}_sum`) / found.get(`${name}_count`);
  const cpu = found.get("process_cpu_seconds_total");
  const busy = last && (cpu - last.cpu) / ((now - last.now) / 1000);
  last = { cpu, now };
  const figures = [
    ["Running", found.get("rkvoice_active_requests")],
    ["Waiting", found.get("rkvoice_waiting_requests")],
    ["Open streams", found.get("rkvoice_active_streams")],
    ["Processor", Number.isFinite(busy) ? `${Math.round(100 * busy)} % of a core` : "…"],
    ["Memory", megabytes(found.get("process_resident_memory_bytes"))],
    ["Mean first sound", milliseconds(mean("rkvoice_tts_first_audio_seconds"))],
    ["Mean final text", milliseconds(mean("rkvoice_asr_finalize_seconds"))],
    ["Mean RTF, speech", ratio(mean("rkvoice_tts_rtf"))],
    ["Mean RTF, text", ratio(mean("rkvoice_asr_rtf"))],
  ];
  byId("load").replaceChildren(...figures.filter(([, value]) => value !== null && value !== undefined).map(figure));
}

const milliseconds = (seconds) => (Number.isFinite(seconds) ? `${Math.round(seconds * 1000)} ms` : null);
const megabytes = (bytes) => (Number.isFinite(bytes) ? `${Math.round(bytes / 2 ** 20)} MiB` : null);
const ratio = (value) => (Number.isFinite(value) ? value.toFixed(2) : null);

function figure([name, value]) {
  const pair = element("div");
  pair.append(element("dt", name), element("dd", String(value)));
  return pair;
}

/** One look at the server; returns whether everything is ready. */
async function look() {
  const problems = [];
  let isReady = false;
  const part = async (path, also, take) => {
    try {
      await take(await request(path, { signal: AbortSignal.timeout?.(PATIENCE) }, also));
    } catch (error) {
      problems.push(error instanceof Problem ? error : new Problem(`${path} is not understood (${error.message}).`));
    }
  };
  await Promise.all([
    part("/readyz", [503, 404], async (answer) => {
      isReady = answer.status !== 503;
      showReadiness(isReady && !answer.ok ? {} : await answer.json(), answer.status);
    }),
    part("/capabilities", [], async (answer) => showModels(await answer.json())),
    part("/metrics", [404], async (answer) => answer.ok && showLoad(await answer.text(), performance.now())),
  ]);
  show("status-problem", problems[0]?.message ?? "");
  if (problems.some(({ code }) => code === "unreachable")) {
    show("readiness", "The server does not answer.");
    byId("readiness").dataset.state = "bad";
    return false;
  }
  return isReady && !problems.length;
}

let timer = null;
let looking = null;

/** Looks now, and again after a while, as long as somebody sees the page. */
async function watch() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible") return;
  looking ??= look().finally(() => { looking = null; });
  const isReady = await looking;
  clearTimeout(timer);
  timer = setTimeout(watch, isReady ? SELDOM : SOON);
}

export function setUpStatus() {
  document.addEventListener("visibilitychange", watch);
  addEventListener("keychange", watch);
  watch();
}
