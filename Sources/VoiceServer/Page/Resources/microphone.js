// The microphone: 16-bit mono at 16 kHz, or a sentence that says why not.

import { keepAwake } from "./player.js";
import { Problem } from "./wire.js";

/** The rate that recognizers take, in Hz: nothing is lost by sending less than the microphone has. */
export const RATE = 16000;

export const isMicrophoneLocked = () => !isSecureContext || !navigator.mediaDevices?.getUserMedia;

/** Milliseconds until a context that does not start is given up. */
const PATIENCE = 3000;

const REFUSED = {
  NotAllowedError: "The microphone was refused. Allow it in the browser, beside the address of this page.",
  NotFoundError: "There is no microphone on this machine. A recording or typing works all the same.",
  NotReadableError: "Another program holds the microphone.",
  OverconstrainedError: "No microphone here can do what is needed.",
  SecurityError: "The browser does not let this page use a microphone.",
};

/** Opens the microphone; `heard` gets an Int16Array and its level in [0, 1] every 40 ms. Call it from a click. */
export async function openMicrophone(heard) {
  if (isMicrophoneLocked()) {
    throw new Problem("The microphone is locked on this page; what to do is said at its top.", "insecure");
  }
  let stream, context;
  try {
    setAudioSession("play-and-record");
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    context = new AudioContext({ latencyHint: "interactive" });
    await running(context);
    await context.audioWorklet.addModule("/page/recorder.js");
    const source = context.createMediaStreamSource(stream);
    const recorder = new AudioWorkletNode(context, "recorder", { processorOptions: { rate: RATE } });
    recorder.port.onmessage = ({ data }) => heard(data.samples, data.level);
    // The recorder gives silence. Not every browser lets a node work that leads nowhere.
    source.connect(recorder).connect(context.destination);
    return new Microphone(stream, context, recorder, source);
  } catch (error) {
    stream?.getTracks().forEach((track) => track.stop());
    context?.close();
    setAudioSession("auto");
    if (error instanceof Problem) throw error;
    throw new Problem(REFUSED[error.name] ?? `The microphone does not work (${error.message}).`, error.name);
  }
}

/** Starts a context. A browser that holds sound back until the next click never says so. */
async function running(context) {
  keepAwake(context);
  await Promise.race([context.resume(), new Promise((done) => setTimeout(done, PATIENCE))]);
  if (context.state !== "running") throw new Problem("The browser does not start its sound. Click once more.");
}

/** Safari's word for what the page does with sound; others have none. */
function setAudioSession(type) {
  if (navigator.audioSession) navigator.audioSession.type = type;
}

class Microphone {
  constructor(stream, context, recorder, source) {
    // The source is held too: a browser may throw away what nobody refers to, and the sound with it.
    Object.assign(this, { stream, context, recorder, source });
  }

  /** Calls `lost` when somebody pulls the plug or takes the permission back. */
  onLost(lost) {
    for (const track of this.stream.getTracks()) track.onended = lost;
  }

  close() {
    this.recorder.port.onmessage = null;
    for (const track of this.stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    this.context.close();
    setAudioSession("auto");
  }
}
