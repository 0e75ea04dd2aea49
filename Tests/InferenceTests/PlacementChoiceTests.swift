import Foundation
import Inference
import Testing

@Suite struct PlacementChoiceTests {
    private let placements = """
        {"cpu": {"a": [[{"file": "a.onnx", "runtime": "onnx"}]]},
         "rknn": {"boards": ["rk3588"], "a": [[{"file": "a.{board}.rknn", "runtime": "rknn", "source": "a.onnx"}]]}}
        """
    private let all: Set<Placement.Runtime> = [.onnx, .rknn]

    private func choose(
        _ files: [String],
        _ board: Board,
        _ runtimes: Set<Placement.Runtime>,
        named name: String? = nil,
        canConvert: Bool = false
    ) throws -> PlacementChoice {
        let directory = try Directory(Dictionary(uniqueKeysWithValues: files.map { ($0, "") }))
        return try directory.bundle(placements).choosePlacement(
            board: board,
            runtimes: runtimes,
            named: name,
            canConvert: canConvert
        )
    }

    @Test func theNPUComesFirstOnABoardThatHasOne() throws {
        let choice = try choose(["a.onnx", "a.rk3588.rknn"], .rk3588, all)
        #expect(choice.name == "rknn" && choice.rejections.isEmpty)
    }

    @Test func whatCannotBeTakenIsPassedOverWithItsReason() throws {
        let files = ["a.onnx", "a.rk3588.rknn"]
        let cases: [(PlacementChoice, String)] = [
            (try choose(["a.onnx"], .rk3588, all), "a.rk3588.rknn is missing"),
            (try choose(files, .rk3588, [.onnx]), "needs the runtime rknn"),
            (try choose(files, .rk3576, all), "made for rk3588, and this is rk3576"),
        ]
        for (choice, words) in cases {
            #expect(choice.name == "cpu")
            #expect(choice.rejections.map(\.placement) == ["rknn"])
            #expect(choice.rejections.first?.reason.contains(words) == true, "\(choice.rejections)")
        }
        // A host without an NPU does not even consider it first.
        #expect(try choose(["a.onnx"], .cpu, [.onnx]).name == "cpu")
    }

    @Test func aFileThatCanBeMadeCountsAsThere() throws {
        #expect(try choose(["a.onnx"], .rk3588, all, canConvert: true).name == "rknn")
    }

    @Test func thereIsNoFallbackFromThePlacementThatIsNamed() throws {
        let error = #expect(throws: InferenceError.self) { _ = try choose(["a.onnx"], .rk3588, all, named: "rknn") }
        #expect(error?.code == .missingFile)
        #expect(error?.message.contains("a.rk3588.rknn") == true)
        #expect(throws: InferenceError.self) { _ = try choose(["a.onnx"], .rk3588, all, named: "npu") }
        #expect(try choose(["a.onnx", "a.rk3588.rknn"], .rk3588, all, named: "cpu").name == "cpu")
    }

    @Test func whenNoneCanBeTakenEveryReasonIsGiven() throws {
        let error = #expect(throws: InferenceError.self) { _ = try choose([], .rk3588, all) }
        #expect(error?.code == .missingFile)
        let message = error?.message ?? ""
        #expect(message.contains("rknn: a.rk3588.rknn is missing; cpu: a.onnx is missing"), "\(message)")
        #expect(throws: InferenceError.self) {
            try Directory().bundle("{}").choosePlacement(board: .cpu, runtimes: all)
        }
    }
}
