/// What a runtime is told when it loads a decoder. ONNX Runtime needs none of it.
package struct DecoderOptions: Sendable, Hashable {
    /// IOMMU domain of its memory. A model shares no domain with RKNN, which uses 0: together they hang the NPU.
    package var baseDomain: Int32 = 1
    /// A bit for each processor that it may use; nil leaves the choice to the library.
    package var cpuMask: UInt32?
    /// Whether the table of embeddings stays in the file instead of memory. From RKLLM 1.2.0.
    package var embedsFromFlash = true
    /// Prompts that are computed together; 1 to 100.
    package var batch: UInt8 = 1
    /// How tokens are chosen. Before RKLLM 1.3.0 it holds for every run of the model.
    package var sampling = Sampling.greedy
    /// Whether special tokens give no text.
    package var skipsSpecialTokens = true

    package init() {}
}
