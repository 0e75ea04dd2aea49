import Speech
import Testing

@Suite(.timeLimit(.minutes(2))) struct AudioInboxTests {
    private func chunk(_ samples: [Float], rate: Int = 16_000) -> RecognizerInput {
        .audio(AudioChunk(samples: samples, sampleRate: rate))
    }

    /// Inputs as a test can compare them.
    private func description(_ input: RecognizerInput?) -> String {
        switch input {
        case nil: "nothing"
        case .audio(let chunk): "\(chunk.position)+\(chunk.frames)@\(chunk.sampleRate)"
        case .pause: "pause"
        case .endOfUtterance: "end"
        }
    }

    @Test func whatWaitsIsMergedAndTheOrderIsKept() async {
        let inbox = AudioInbox(capacity: 1_000)
        for _ in 0..<5 { await inbox.send(chunk([1, 2])) }
        await inbox.send(.pause)
        await inbox.send(chunk([3]))
        await inbox.send(.endOfUtterance)
        await inbox.send(.endOfUtterance)
        await inbox.send(chunk([4, 5]))
        await inbox.send(chunk([6], rate: 8_000))
        inbox.finish()
        var read: [String] = []
        while let input = await inbox.receive() { read.append(description(input)) }
        #expect(
            read == [
                "0+10@16000", "pause", "10+1@16000", "end", "end", "11+2@16000", "13+1@8000",
            ]
        )
        #expect(inbox.held == 0)
    }

    @Test func theWriterWaitsWhileItIsFullAndNothingIsHeldAboveTheBound() async {
        let inbox = AudioInbox(capacity: 100)
        await inbox.send(chunk([Float](repeating: 1, count: 100)))
        let writer = Task { await inbox.send(chunk([Float](repeating: 2, count: 250))) }
        var counts: [Int] = []
        while counts.reduce(0, +) < 350 {
            guard case .audio(let read) = await inbox.receive() else { break }
            counts.append(read.frames)
            #expect(inbox.held <= 100)
        }
        #expect(counts.reduce(0, +) == 350)
        #expect(counts.allSatisfy { $0 <= 100 })
        #expect(await writer.value)
    }

    @Test func marksAreBoundedToo() async {
        let inbox = AudioInbox(capacity: 100)
        let writer = Task {
            for _ in 0..<1_000 { await inbox.send(.pause) }
            inbox.finish()
        }
        var count = 0
        while await inbox.receive() != nil { count += 1 }
        await writer.value
        #expect(count == 1_000)
    }

    @Test func everySampleArrivesOnceAndInOrderWhateverTheTiming() async {
        for capacity in [1, 7, 320, 5_000] {
            let inbox = AudioInbox(capacity: capacity)
            // Each sample is a turn of both sides where there is room for one.
            let total = min(5_000, 500 * capacity)
            let writer = Task {
                var sent = 0
                var generator = SystemRandomNumberGenerator()
                while sent < total {
                    let count = min(total - sent, Int.random(in: 1...700, using: &generator))
                    await inbox.send(chunk((sent..<sent + count).map(Float.init)))
                    sent += count
                    if sent.isMultiple(of: 3) { await inbox.send(.pause) }
                }
                inbox.finish()
            }
            var read: [Float] = []
            while let input = await inbox.receive() {
                if case .audio(let chunk) = input {
                    #expect(chunk.position == read.count)
                    read += chunk.samples
                }
            }
            await writer.value
            let isWhole = read == (0..<total).map(Float.init)
            #expect(isWhole, "\(read.count) of \(total) samples")
        }
    }

    @Test func aReaderThatIsCancelledLetsTheWriterGo() async {
        let inbox = AudioInbox(capacity: 10)
        let reader = Task { await inbox.receive() }
        reader.cancel()
        #expect(await reader.value == nil)
        #expect(await inbox.send(chunk([1])) == false)
    }

    @Test func aWriterThatIsCancelledLetsTheReaderGo() async {
        let inbox = AudioInbox(capacity: 10)
        await inbox.send(chunk([Float](repeating: 0, count: 10)))
        let writer = Task { await inbox.send(chunk([1])) }
        writer.cancel()
        #expect(await writer.value == false)
        #expect(description(await inbox.receive()) == "0+10@16000")
        #expect(await inbox.receive() == nil)
    }

    @Test func finishingWakesEverybody() async {
        let inbox = AudioInbox(capacity: 1)
        async let reader = inbox.receive()
        inbox.finish()
        #expect(await reader == nil)
        #expect(await inbox.send(.endOfUtterance) == false)
    }
}
