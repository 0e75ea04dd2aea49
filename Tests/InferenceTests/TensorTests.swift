import Inference
import SpeechTesting
import Testing

@Suite struct TensorTests {
    @Test func givesBackWhatItWasGiven() throws {
        #expect(try Tensor(shape: [2, 2], [Float(1), 2, 3, 4]).scalars(as: Float.self) == [1, 2, 3, 4])
        #expect(try Tensor(shape: [3], [true, false, true]).scalars(as: Bool.self) == [true, false, true])
        #expect(try Tensor(Int64(7)).scalars(as: Int64.self) == [7])
        #expect(Tensor(Int64(7)).shape.isEmpty)
    }

    @Test func refusesToReadAnotherType() {
        #expect(throws: InferenceError.self) { try Tensor(shape: [1], [Float(1)]).scalars(as: Int64.self) }
    }

    @Test(arguments: [
        (TensorSpec("x", .f32, [1, nil]), true), (TensorSpec("x", .f32, [1, 4]), true),
        (TensorSpec("y", .f32, [1, nil]), false), (TensorSpec("x", .i64, [1, nil]), false),
        (TensorSpec("x", .f32, [2, nil]), false), (TensorSpec("x", .f32, [nil]), false),
    ]) func aSpecFitsByNameTypeAndShape(wanted: TensorSpec, fits: Bool) {
        #expect(TensorSpec("x", .f32, [1, nil]).fits(wanted) == fits)
    }

    @Test func aGraphWithOtherPortsIsRefusedAtLoad() {
        let graph = ClosureGraph("ear.onnx", inputs: [TensorSpec("x", .f32, [1])], outputs: []) { $0 }
        let error = #expect(throws: InferenceError.self) {
            try graph.require(inputs: [TensorSpec("mel", .f32, [1, 80, nil])], outputs: [])
        }
        #expect(error?.code == .badModel)
        #expect(error?.description.contains("mel f32[1,80,?]") == true)
        #expect(error?.description.contains("ear.onnx") == true)
        #expect(throws: InferenceError.self) { try graph.require(inputs: [], outputs: []) }
    }

    @Test func aChainHandsEachLinkItsOwnInputs() async throws {
        let double = ClosureGraph(
            inputs: [TensorSpec("x", .f32, [1])],
            outputs: [TensorSpec("y", .f32, [1])]
        ) { inputs throws(InferenceError) in
            #expect(inputs.keys.sorted() == ["x"])
            return ["y": Tensor(shape: [1], [2 * (try inputs.tensor("x").scalars(as: Float.self)[0])])]
        }
        let add = ClosureGraph(
            inputs: [TensorSpec("x", .f32, [1]), TensorSpec("y", .f32, [1])],
            outputs: [TensorSpec("z", .f32, [1])]
        ) { inputs throws(InferenceError) in
            let x = try inputs.tensor("x").scalars(as: Float.self)[0]
            return ["z": Tensor(shape: [1], [x + (try inputs.tensor("y").scalars(as: Float.self)[0])])]
        }
        let chain = ChainedGraph([double, add])
        #expect(chain.inputs.map(\.name) == ["x"])
        #expect(try await chain.run(["x": Tensor(shape: [1], [Float(3)])]).tensor("z").scalars(as: Float.self) == [9])
    }
}
