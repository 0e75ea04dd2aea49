/// Where each stage of a model runs. Data, read from the model bundle; never an `if` in a model.
package struct Placement: Sendable, Hashable {
    /// What runs a file.
    package enum Runtime: String, Sendable, Hashable, Codable, CaseIterable {
        case onnx, rknn, rkllm, worker

        /// Whether it runs on an NPU.
        package var usesNPU: Bool { self == .rknn || self == .rkllm }
    }

    /// What fills a bucket behind the last real frame.
    package enum Padding: String, Sendable, Hashable, Codable, CaseIterable {
        case zero
        /// The last frame again.
        case edge
    }

    /// The SHA-256 of a file: one, or one for each board where the file's name holds `{board}`.
    package enum Digest: Sendable, Hashable, Codable, ExpressibleByStringLiteral {
        case one(String)
        case boards([String: String])

        package init(stringLiteral value: String) { self = .one(value) }

        /// The digest of the file for a board, in hexadecimal digits; nil where none is written down.
        package func text(for board: String?) -> String? {
            switch self {
            case .one(let text): text
            case .boards(let texts): board.flatMap { texts[$0] }
            }
        }
    }

    /// One file on one runtime.
    package struct Part: Sendable, Hashable, Encodable {
        /// Path inside the bundle's directory. May hold `{board}`, for which the board's id is put in.
        package var file: String
        package var runtime: Runtime
        /// Size of the bucket along the time axis (frames); nil when the graph takes any length, or has just one shape.
        package var frames: Int?
        /// Tensor → its time axis. Lengths there are `frames` times or divided by a whole number, which is found at load.
        /// Nil: the one axis of each tensor whose length is.
        package var axes: [String: Int]?
        /// What fills the bucket behind the last real frame; nil means zeros.
        package var pad: Padding?
        /// Input that is filled with 1 where there is sound and 0 where there is padding; the model does not give it.
        package var mask: String?
        /// Runs on exactly these cores together; nil means any free one.
        package var cores: [Int]?
        /// Contexts that may run side by side; nil means one for each core it could run on.
        package var contexts: Int?
        package var sha256: Digest?
        /// The ONNX file that this one was converted from, from which a simulator's file can be made.
        package var source: String?
        /// The inputs' fixed shapes in that conversion.
        package var shapes: [String: [Int]]?
        /// Bytes of NPU memory it needs, where known.
        package var bytes: Int?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case file, runtime, frames, axes, pad, mask, cores, contexts, sha256, source, shapes, bytes
        }

        package init(_ file: String, on runtime: Runtime, frames: Int? = nil) {
            self.file = file
            self.runtime = runtime
            self.frames = frames
        }

        /// Which cores a run needs.
        package var request: CoreRequest { CoreRequest(cores: cores) }

        /// The name of the file for a board; nil when it needs one and there is none.
        package func fileName(for board: Board?) -> String? {
            guard file.contains("{board}") else { return file }
            return board.map { file.replacing("{board}", with: $0.id) }
        }

        /// Contexts on a board with so many cores. A language model is one, on all cores unless it names them.
        package func contexts(onCores count: Int) -> Int {
            if runtime == .rkllm { return 1 }
            return contexts ?? (request == .any ? max(1, count) : 1)
        }
    }

    /// Boards it is made for; nil means every board that has the runtimes.
    package var boards: [String]?
    /// Stage name → links of a chain → buckets of a link.
    package var stages: [String: [[Part]]]

    package init(_ stages: [String: [[Part]]], boards: [String]? = nil) {
        self.stages = stages
        self.boards = boards
    }

    /// Every file of it, by stage.
    package var parts: [(stage: String, part: Part)] {
        stages.sorted { $0.key < $1.key }.flatMap { stage, links in links.flatMap { $0 }.map { (stage, $0) } }
    }

    /// Whether a part runs on an NPU.
    package var usesNPU: Bool { parts.contains { $0.part.runtime.usesNPU } }
}
