extension Schema {
    /// The NPU: which, through what, within what.
    static let npu = [
        Setting(
            "npu.board",
            \.runtime.npu.board,
            .choice,
            "Board that this machine counts as; by default it is looked up."
        )
        .named("RKVOICE_BOARD").flagged("--board"),
        Setting(
            "npu.simulate",
            \.runtime.npu.simulated,
            .choice,
            "Board whose NPU is simulated on the CPU: for trying and testing, never for speed."
        ).named("RKVOICE_SIMULATE").flagged("--simulate"),
        Setting("npu.rknn", \.runtime.npu.rknnPath, .path, "RKNN library (librknnrt.so) to use before any other.")
            .named("RKVOICE_RKNN"),
        Setting(
            "npu.simulator",
            \.runtime.npu.simulatorPath,
            .path,
            "Library of the simulator; by default the one beside the executable."
        ).named("RKVOICE_SIMULATOR"),
        Setting(
            "npu.memory",
            \.runtime.npu.memoryBytes,
            .size(1 << 20...64 << 30),
            "Memory that models may take on the NPU; by default what the board has."
        ),
        Setting(
            "npu.run_seconds",
            \.runtime.npu.runSeconds,
            .duration(.seconds, 0.1...600),
            "Time after which a run on the NPU counts as hung."
        ),
        Setting(
            "npu.trace",
            \.runtime.npu.tracePath,
            .path,
            "File for a trace of every run, in the format of Chrome and Perfetto."
        ).named("RKVOICE_TRACE").flagged("--trace"),
    ]
}
