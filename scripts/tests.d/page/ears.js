// What comes out of the page's loudspeaker, and when: loaded before the page, and read by browser.py.
(() => {
  /** Louder than this is sound; the voice between its words is quieter. */
  const AUDIBLE = 0.003;
  // pieces: the sound as it was queued. outputs: what the contexts gave to the loudspeaker. loud, voice: when there was
  // sound at the loudspeaker, and at the microphone. told: the types of the messages of sockets and of the user's doings,
  // and when they came.
  const ears = (window.ears = { pieces: [], outputs: [], loud: [], voice: [], told: [], contexts: [], tracks: [] });

  const { connect } = AudioNode.prototype;
  const { start, stop } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (when) {
    this.piece = {
      rate: this.buffer.sampleRate, samples: this.buffer.getChannelData(0).slice(),
      when, at: performance.now(), cut: null, isOver: false,
      // Asked later, a fast server would have made the rest.
      length: document.getElementById("speak-length")?.textContent,
    };
    this.addEventListener("ended", () => { this.piece.isOver = true; });
    ears.pieces.push(this.piece);
    return start.call(this, when);
  };
  AudioBufferSourceNode.prototype.stop = function () {
    if (this.piece) this.piece.cut = performance.now();
    return stop.call(this);
  };

  /** Notes every moment at which a node's sound can be heard. */
  function listen(node, moments) {
    const analyser = new AnalyserNode(node.context, { fftSize: 512 });
    const latest = new Float32Array(analyser.fftSize);
    connect.call(node, analyser);
    const timer = setInterval(() => {
      if (node.context.state === "closed") return clearInterval(timer);
      // A context that stands still repeats its last samples.
      if (node.context.state !== "running") return;
      analyser.getFloatTimeDomainData(latest);
      if (latest.some((value) => Math.abs(value) > AUDIBLE)) moments.push(performance.now());
    }, 5);
  }

  /** Keeps everything that a context gives to its loudspeaker. */
  function record(context) {
    const recorder = context.createScriptProcessor(2048, 1, 1);
    const output = { rate: context.sampleRate, chunks: [] };
    recorder.onaudioprocess = ({ inputBuffer }) => {
      output.chunks.push({ at: performance.now(), data: inputBuffer.getChannelData(0).slice() });
    };
    ears.outputs.push(output);
    connect.call(recorder, context.destination);
    context.sum = new GainNode(context);
    connect.call(context.sum, recorder);
    listen(context.sum, ears.loud);
  }

  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      if (!target.context.sum) record(target.context);
      connect.call(this, target.context.sum);
    }
    return connect.call(this, target, ...rest);
  };

  const { createMediaStreamSource } = AudioContext.prototype;
  AudioContext.prototype.createMediaStreamSource = function (stream) {
    const source = createMediaStreamSource.call(this, stream);
    listen(source, ears.voice);
    ears.tracks.push(...stream.getTracks());
    return source;
  };

  // Before the page sees it.
  for (const type of ["click", "keydown"]) {
    addEventListener(type, () => ears.told.push({ type, at: performance.now() }), true);
  }

  window.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      ears.contexts.push(this);
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => {
        const type = typeof data === "string" ? JSON.parse(data).type : "sound";
        ears.told.push({ type, at: performance.now() });
      });
    }
  };
})();
