package import Inference

/// What RKLLM is told when it loads a model.
package struct RKLLMOptions: Sendable, Hashable {
    /// IOMMU domain of its memory. A model shares no domain with RKNN, which uses 0: together they hang the NPU.
    package var baseDomain: Int32 = 1
    /// A bit for each processor that it may use; nil leaves the choice to the library.
    package var cpuMask: UInt32?
    /// Whether the table of embeddings stays in the file instead of memory. From 1.2.0.
    package var embedsFromFlash = true
    /// Prompts that are computed together; 1 to 100.
    package var batch: UInt8 = 1
    /// How tokens are chosen. Before 1.3.0 it holds for every run of the model.
    package var sampling = Sampling.greedy
    /// Whether special tokens give no text.
    package var skipsSpecialTokens = true

    package init() {}
}

/// When to give up.
package struct RKLLMPatience: Sendable, Hashable {
    /// Without a token for so long, the run hangs: its cores are set aside until it is back. A prompt counts as one token.
    package var token: Duration
    /// A generation whose tokens nobody has asked for in so long is ended, because it keeps the NPU from everybody else.
    package var consumer: Duration

    /// - Parameters:
    ///   - token: without a token for so long, the run hangs.
    ///   - consumer: a generation whose tokens nobody has asked for in so long is ended.
    package init(token: Duration = .seconds(30), consumer: Duration = .seconds(30)) {
        self.token = token
        self.consumer = consumer
    }
}
