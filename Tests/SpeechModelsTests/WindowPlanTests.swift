import Speech
import SpeechModels
import Testing

@Suite struct WindowPlanTests {
    @Test(arguments: [1, 21, 22, 23, 52, 62, 63, 100, 333, 584, 5_000], Latency.allCases)
    func everyFrameIsKeptOnceWithItsContext(frames: Int, latency: Latency) {
        let windows = WindowPlan(frames: frames, overlap: 10, latency: latency).windows
        #expect(windows.flatMap { Array($0.kept) } == Array(0..<frames))
        for window in windows {
            #expect(window.decoded.lowerBound == max(0, window.kept.lowerBound - 10))
            #expect(window.decoded.upperBound == min(frames, window.kept.upperBound + 10))
        }
    }

    @Test func theFirstWindowIsSmallAndLaterOnesGrow() {
        let windows = WindowPlan(frames: 1_000, overlap: 10, latency: .balanced).windows
        #expect(windows[0].decoded.count == 62)
        #expect(windows[1].kept.count == 208)
        #expect(WindowPlan(frames: 1_000, overlap: 10, latency: .low).windows[0].decoded.count == 32)
        #expect(WindowPlan(frames: 1_000, overlap: 10, latency: .quality).windows.count == 1)
    }

    @Test(arguments: [Latency.low, .balanced]) func windowsOfALongSentenceStayOfASize(latency: Latency) {
        let windows = WindowPlan(frames: 5_000, overlap: 10, latency: latency).windows
        #expect(windows.allSatisfy { $0.decoded.count <= 510 })
    }

    @Test(arguments: [1, 61, 62, 63, 64, 103, 104, 105, 584, 5_000])
    func aFixedShapeGetsFullWindowsWithContextOnBothSides(frames: Int) {
        let windows = WindowPlan(frames: frames, overlap: 10, length: 62).windows
        #expect(windows.flatMap { Array($0.kept) } == Array(0..<frames))
        for window in windows {
            #expect(window.decoded.count == min(frames, 62))
            #expect(window.decoded.lowerBound == 0 || window.kept.lowerBound - window.decoded.lowerBound >= 10)
            #expect(window.decoded.upperBound == frames || window.decoded.upperBound - window.kept.upperBound >= 10)
        }
    }

    @Test func theFirstSoundOfAFixedShapeIsAWindowLessItsContext() {
        #expect(WindowPlan(frames: 584, overlap: 10, length: 62).windows[0].kept == 0..<52)
    }

    @Test func noFramesNeedNoWindow() {
        #expect(WindowPlan(frames: 0, overlap: 10, length: 62).windows.isEmpty)
        #expect(WindowPlan(frames: 0, overlap: 10, latency: .balanced).windows.isEmpty)
    }
}
