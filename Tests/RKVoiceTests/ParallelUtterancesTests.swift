import RKVoice
import Testing

@Suite struct ParallelUtterancesTests {
    @Test(arguments: [
        (threads: 1, gigabytes: 64, utterances: 1), (4, 64, 4), (4, 7, 4), (4, 3, 2), (4, 1, 1), (2, 0, 1),
    ])
    func utterancesSideBySideAreBoundedByThreadsAndMemory(threads: Int, gigabytes: Int, utterances: Int) {
        #expect(ModelLoader.parallelUtterances(threads: threads, free: gigabytes << 30) == utterances)
    }

    @Test func whereMemoryIsUnknownThereIsOne() {
        #expect(ModelLoader.parallelUtterances(threads: 8, free: nil) == 1)
    }
}
