// Requests and sockets with the API key; errors in words.

const NAME = "rkvoice.key";
let held = "";
// In a browser that keeps nothing, the key lasts as long as the page.
try { held = sessionStorage.getItem(NAME) ?? ""; } catch { held = ""; }

export const apiKey = () => held;

/** Keeps a key for this tab; false for one that no header can carry. */
export function useKey(text) {
  if (!/^[\x21-\x7e]*$/.test(text)) return false;
  held = text;
  try { text ? sessionStorage.setItem(NAME, text) : sessionStorage.removeItem(NAME); } catch { /* as above */ }
  dispatchEvent(new Event("keychange"));
  return true;
}

/** What went wrong, as a sentence for people and a word for programs. */
export class Problem extends Error {
  constructor(sentence, code) {
    super(sentence);
    this.code = code;
  }
}

const WORDS = {
  unauthorized: "This server asks for an API key. Enter it above, under “API key”.",
  not_ready: "The model is not ready yet.",
  disabled: "This is switched off in the server's configuration.",
  too_many_requests: "The server has more to do than it can. Try again in a moment.",
  too_many_streams: "All streams of this server are in use. Try again in a moment.",
  rate_limited: "Too many requests in a minute. Try again in a moment.",
  queue_timeout: "The server was busy for too long. Try again in a moment.",
  shutting_down: "The server is shutting down.",
  empty_text: "There is nothing to say in this text: it has no letter and no digit.",
  empty_audio: "There is no sound in this recording.",
  invalid_audio: "This file is no recording that the server can read.",
  model_failed: "The model failed. The server's log says why.",
};

/** The problem that a server's JSON tells. */
export function problem(told, otherwise) {
  const known = WORDS[told?.code];
  const detail = told?.reason ?? (known ? "" : told?.error);
  const sentence = (known ?? otherwise) + (detail ? ` (${detail})` : "");
  if (told?.code === "unauthorized") document.getElementById("key-box").open = true;
  return new Problem(sentence, told?.code);
}

const GONE = "The server does not answer. It may have stopped, or the network is down.";

/** An answer whose status is fine, or one of `also`. */
export async function request(path, options = {}, also = []) {
  const headers = new Headers(options.headers);
  if (held) headers.set("Authorization", `Bearer ${held}`);
  let answer;
  try {
    answer = await fetch(path, { ...options, headers, cache: "no-store", credentials: "omit" });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Problem(GONE, "unreachable");
  }
  if (answer.ok || also.includes(answer.status)) return answer;
  const told = await answer.json().catch(() => null);
  throw problem(told, `The server refused this with status ${answer.status}.`);
}

/** The address of a WebSocket of this server. A browser sends no header with one, so the key is in its query. */
export function socketURL(path, query = {}) {
  const url = new URL(path, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  for (const [name, value] of Object.entries(query)) if (value !== "") url.searchParams.set(name, value);
  if (held) url.searchParams.set("token", held);
  return url;
}

const CLOSED = {
  1001: "The server is shutting down.",
  1003: "The server did not understand this page. Reload it.",
  1006: "The connection broke, or was never made.",
  1007: "The server did not understand this page. Reload it.",
  1009: "The server was sent more than it takes.",
  1011: "The server had a fault. Its log says more.",
  1013: "The model is not ready yet.",
  4401: WORDS.unauthorized,
  4429: WORDS.too_many_streams,
};

/** The problem that the end of a socket is; null for a good end. */
export function problemOfClose(event) {
  if (event.code === 1000) return null;
  if (event.code === 4401) document.getElementById("key-box").open = true;
  const other = `The server ended the connection (${event.code} ${event.reason}).`;
  return new Problem(CLOSED[event.code] ?? other, event.code);
}

/** The JSON of a text frame; null for what is none. */
export function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}
