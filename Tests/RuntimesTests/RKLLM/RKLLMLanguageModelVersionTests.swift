import Foundation
import Inference
import Runtimes
import Testing

/// Which declarations a library is called by. A wrong choice corrupts memory, so what is not known is refused.
@Suite struct RKLLMLanguageModelVersionTests {
    @Test(arguments: [
        ("1.1.0", RKLLMGeneration.v110), ("1.1.4", .v110), ("1.2.0", .v120), ("1.2.1", .v121), ("1.2.3", .v121),
        ("1.3.0", .v130), ("1.2.3 (a1b2c3@2025-11-08)", .v121), ("1.1.4, rknpu driver version: 0.9.8", .v110),
    ]) func releasesHaveTheirGeneration(version: String, generation: RKLLMGeneration) throws {
        #expect(try RKLLMGeneration(version: version) == generation)
    }

    @Test(arguments: ["1.2.1b1", "1.2.1-beta1", "1.0.1", "1.1.5", "1.2.4", "1.3.1", "2.0.0", "1.2", "", "latest"])
    func betasAndUnknownReleasesAreRefusedByName(version: String) {
        let error = #expect(throws: InferenceError.self) { try RKLLMGeneration(version: version) }
        #expect(error?.code == .runtimeUnavailable)
        #expect(error?.message.contains("\"\(version)\"") == true)
        #expect(error?.message.contains("1.2.3") == true)
    }

    @Test func anUnknownReleaseThatIsSetIsRefusedBeforeAnythingIsLoaded() {
        let error = #expect(throws: InferenceError.self) {
            try RKLLMLibrary.load(from: ["/nowhere/librkllmrt.so"], version: "1.2.1b1")
        }
        #expect(error?.message.contains("1.2.1b1") == true)
    }

    @Test func everyPathThatWasTriedIsNamed() {
        let error = #expect(throws: InferenceError.self) { try RKLLMLibrary.load(from: ["/nowhere/librkllmrt.so"]) }
        #expect(error?.message.contains("/nowhere/librkllmrt.so is not there") == true)
    }
}
