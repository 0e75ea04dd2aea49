import Testing
import VoiceServer

@Suite("A bounded queue between tasks") struct LetterboxTests {
    @Test("What is sent comes out in order, and no more is held than fits") func order() async {
        let box = Letterbox<Int>(capacity: 3)
        let writer = Task {
            for number in 0..<100 { await box.send(number) }
            box.finish()
        }
        var received: [Int] = []
        while let number = await box.receive() { received.append(number) }
        await writer.value
        #expect(received == Array(0..<100))
    }

    @Test("A full box holds its writer until something is taken") func full() async {
        let box = Letterbox<Int>(capacity: 1)
        #expect(await box.send(1))
        let writer = Task { await box.send(2) }
        #expect(await box.receive() == 1)
        #expect(await box.receive() == 2)
        #expect(await writer.value)
    }

    @Test("Nothing gets into a finished box, and what is in it can be read") func finished() async {
        let box = Letterbox<Int>(capacity: 2)
        await box.send(1)
        box.finish()
        #expect(await box.send(2) == false)
        #expect(await box.receive() == 1)
        #expect(await box.receive() == nil)
    }

    @Test("Who is cancelled does not wait, and the others do") func cancelled() async {
        let box = Letterbox<Int>(capacity: 1)
        let patient = Task { await box.receive() }
        let cancelled = Task { await box.receive() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
        await box.send(7)
        #expect(await patient.value == 7)
    }
}
