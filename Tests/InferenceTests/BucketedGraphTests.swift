import Inference
import SpeechTesting
import Testing

@Suite struct BucketedGraphTests {
    /// A graph of fixed length: `y` has two numbers for each frame (twice the frame's first feature, and the mask).
    private func bucket(_ frames: Int) -> BucketedGraph.Bucket {
        let graph = ClosureGraph(
            "bucket.\(frames)",
            inputs: [TensorSpec("x", .f32, [1, frames, 2]), TensorSpec("mask", .f32, [1, frames])],
            outputs: [TensorSpec("y", .f32, [1, 2 * frames]), TensorSpec("all", .f32, [1])]
        ) { inputs throws(InferenceError) in
            let x = try inputs.tensor("x")
            #expect(x.shape == [1, frames, 2])
            let features = try x.scalars(as: Float.self)
            let mask = try inputs.tensor("mask").scalars(as: Float.self)
            let pairs = (0..<frames).flatMap { [features[2 * $0], mask[$0]] }
            return ["y": Tensor(shape: [1, 2 * frames], pairs), "all": Tensor(shape: [1], [features.reduce(0, +)])]
        }
        return BucketedGraph.Bucket(frames: frames, graph)
    }

    private func graph(_ sizes: [Int], padding: Placement.Padding = .zero) throws -> BucketedGraph {
        try BucketedGraph(
            sizes.map(bucket),
            filling: .init(axes: ["x": 1, "mask": 1, "y": 1], padding: padding, mask: "mask")
        )
    }

    private func frames(_ count: Int) -> Tensor {
        Tensor(shape: [1, count, 2], (1...max(1, count)).flatMap { [Float($0), 0.5] }.prefix(2 * count).map { $0 })
    }

    @Test(arguments: [(1, 4), (3, 4), (4, 4), (5, 8), (8, 8)])
    func theSmallestThatIsLongEnoughRunsAndTheRestIsCutOff(needed: Int, taken: Int) async throws {
        let buckets = [4, 8].map(bucket)
        let graph = try BucketedGraph(buckets, filling: .init(axes: ["x": 1, "mask": 1, "y": 1], mask: "mask"))
        let outputs = try await graph.run(["x": frames(needed)])
        for bucket in buckets { #expect((bucket.graph as? ClosureGraph)?.runs == (bucket.frames == taken ? 1 : 0)) }
        let y = try outputs.tensor("y")
        #expect(y.shape == [1, 2 * needed])
        #expect(try y.scalars(as: Float.self) == (1...needed).flatMap { [Float($0), 1] })
    }

    @Test func whatIsMissingIsZeroOrTheLastFrameAgain() async throws {
        let zero = try await graph([4]).run(["x": frames(2)]).tensor("all").scalars(as: Float.self)
        // Frames 1 and 2, each with a second feature of 0.5.
        #expect(zero == [4])
        let edge = try await graph([4], padding: .edge).run(["x": frames(2)]).tensor("all").scalars(as: Float.self)
        #expect(edge == [9])
    }

    @Test func toTheModelItIsOneGraphOfAnyLength() throws {
        let graph = try graph([4, 8])
        #expect(graph.frameSizes == [4, 8])
        #expect(graph.inputs == [TensorSpec("x", .f32, [1, nil, 2])])
        #expect(graph.outputs == [TensorSpec("y", .f32, [1, nil]), TensorSpec("all", .f32, [1])])
        #expect(ChainedGraph([graph, ClosureGraph(inputs: [], outputs: []) { $0 }]).frameSizes == [4, 8])
        #expect(MeteredGraph(graph, stage: "s").frameSizes == [4, 8])
    }

    @Test func moreThanTheLongestIsRefusedInWords() async throws {
        let graph = try graph([4, 8])
        let error = await #expect(throws: InferenceError.self) { _ = try await graph.run(["x": frames(9)]) }
        #expect(error?.code == .invalidTensor)
        #expect(error?.message.contains("9 frames are more than the 8") == true, "\(error?.message ?? "")")
        await #expect(throws: InferenceError.self) {
            _ = try await graph.run(["x": Tensor(shape: [4], [Float](repeating: 0, count: 4))])
        }
    }

    @Test func anEmptyInputHasNoEdge() async throws {
        let graph = try graph([4], padding: .edge)
        await #expect(throws: InferenceError.self) { _ = try await graph.run(["x": frames(0)]) }
    }

    @Test func timeIsSeenWhereOneAxisAloneCanBeIt() async throws {
        let double = ClosureGraph(
            inputs: [TensorSpec("z", .f32, [1, 3, 62])],
            outputs: [TensorSpec("audio", .f32, [1, 1, 62 * 256])]
        ) { _ in ["audio": Tensor(shape: [1, 1, 62 * 256], [Float](repeating: 1, count: 62 * 256))] }
        let graph = try BucketedGraph([.init(frames: 62, double)])
        let z = Tensor(shape: [1, 3, 10], [Float](repeating: 0, count: 30))
        #expect(try await graph.run(["z": z]).tensor("audio").shape == [1, 1, 2560])
    }

    @Test func lengthsMayBePartsOfTheFrames() async throws {
        let encoder = ClosureGraph(
            inputs: [TensorSpec("mel", .f32, [1, 2, 3000])],
            outputs: [TensorSpec("states", .f32, [1, 1500, 1])]
        ) { _ in ["states": Tensor(shape: [1, 1500, 1], [Float](repeating: 1, count: 1500))] }
        let mel = Tensor(shape: [1, 2, 101], [Float](repeating: 0, count: 202))
        let cut = try BucketedGraph([.init(frames: 3000, encoder)], filling: .init(axes: ["mel": 2, "states": 1]))
        #expect(try await cut.run(["mel": mel]).tensor("states").shape == [1, 51, 1])
        // An output without a time axis comes whole.
        let whole = try BucketedGraph([.init(frames: 3000, encoder)], filling: .init(axes: ["mel": 2]))
        #expect(try await whole.run(["mel": mel]).tensor("states").shape == [1, 1500, 1])
    }

    @Test func aWidthThatFramesGoIntoIsNotTakenForTime() async throws {
        @Sendable func ones(_ shape: [Int]) -> Tensor {
            Tensor(shape: shape, [Float](repeating: 1, count: shape.reduce(1, *)))
        }
        func bucket(_ frames: Int) -> BucketedGraph.Bucket {
            let graph = ClosureGraph(
                inputs: [TensorSpec("speech", .f32, [1, frames, 560]), TensorSpec("mask", .f32, [1, frames])],
                outputs: [TensorSpec("cut", .f32, [1, frames, 160])]
            ) { inputs throws(InferenceError) in
                #expect(try inputs.tensor("mask").scalars(as: Float.self).reduce(0, +) == 30)
                return ["cut": ones([1, frames, 160])]
            }
            return BucketedGraph.Bucket(frames: frames, graph)
        }
        for sizes in [[40], [40, 80, 160]] {
            let graph = try BucketedGraph(sizes.map(bucket))
            let cut = try await graph.run(["speech": ones([1, 30, 560]), "mask": ones([1, 30])])
            #expect(try cut.tensor("cut").shape == [1, 30, 160])
        }
    }

    @Test func aTimeAxisThatCannotBeIsABadModel() throws {
        let fixed = ClosureGraph(inputs: [TensorSpec("x", .f32, [1, 4, 4])], outputs: []) { $0 }
        let cases: [(Int, BucketedGraph.Filling, String)] = [
            (4, .init(), "more than one axis"), (5, .init(), "no input has a length of 5"),
            (3, .init(axes: ["x": 1]), "no whole multiple"), (4, .init(axes: ["x": 3]), "no axis 3"),
            (4, .init(axes: ["q": 0]), "names \"q\""), (4, .init(axes: ["x": 1], mask: "m"), "no input \"m\""),
        ]
        for (frames, filling, words) in cases {
            let error = #expect(throws: InferenceError.self) {
                _ = try BucketedGraph([.init(frames: frames, fixed)], filling: filling)
            }
            #expect(error?.code == .badModel)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        #expect(throws: InferenceError.self) { _ = try BucketedGraph([]) }
        #expect(throws: InferenceError.self) { _ = try graph([8, 4]) }
    }

    @Test func bucketsThatAreOtherGraphsAreRefused() throws {
        let one = ClosureGraph("one", inputs: [TensorSpec("x", .f32, [4])], outputs: [TensorSpec("y", .f32, [4])]) {
            $0
        }
        let two = ClosureGraph("two", inputs: [TensorSpec("x", .i64, [8])], outputs: [TensorSpec("y", .f32, [8])]) {
            $0
        }
        let error = #expect(throws: InferenceError.self) {
            _ = try BucketedGraph([.init(frames: 4, one), .init(frames: 8, two)])
        }
        #expect(error?.description.contains("two") == true)
    }

    @Test(arguments: [DType.f32, .f16, .i64, .i32, .i8, .u8, .bool])
    func everyElementTypeIsFilledUpAndCutOff(dtype: DType) async throws {
        let echo = ClosureGraph(
            inputs: [TensorSpec("x", dtype, [2, 6])],
            outputs: [TensorSpec("y", dtype, [2, 6])]
        ) { inputs throws(InferenceError) in ["y": try inputs.tensor("x")] }
        let graph = try BucketedGraph([.init(frames: 6, echo)])
        let bytes = [UInt8](repeating: 1, count: 2 * 4 * dtype.size)
        let x = Tensor(shape: [2, 4], dtype: dtype, buffer: Tensor(shape: [bytes.count], bytes).buffer)
        let y = try await graph.run(["x": x]).tensor("y")
        #expect(y.shape == [2, 4] && y.dtype == dtype)
        #expect(y.buffer.withBytes { Array($0) } == bytes)
    }
}
