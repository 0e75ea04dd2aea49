import Conversation
import Foundation
import Testing

@Suite("Figures of many turns") struct LatencyFiguresTests {
    private func turn(total milliseconds: Int) -> TurnLatency {
        var latency = TurnLatency()
        latency.lastVoiced = .seconds(1)
        latency.firstSound = .seconds(1) + .milliseconds(milliseconds)
        return latency
    }

    @Test("Shares are those of the turns that are done") func shares() {
        var figures = LatencyFigures()
        for milliseconds in (1...100).shuffled() { figures.add(turn(total: milliseconds), .done) }
        figures.add(turn(total: 10_000), .cancelled(.speech))
        let spread = figures.spread(of: .total)
        #expect(spread?.p50 == 50 && spread?.p95 == 95 && spread?.p99 == 99 && spread?.count == 100)
        #expect(figures.spread(of: .recognition) == nil)
        #expect(figures.cancelled == 1)
    }

    @Test("They are written by the steps' names") func json() throws {
        var figures = LatencyFigures()
        figures.add(turn(total: 7), .done)
        let text = String(decoding: try JSONEncoder().encode(figures), as: UTF8.self)
        #expect(text.contains("\"total\":{") && text.contains("\"p99\":7"), "\(text)")
    }

    @Test("No turns are no figures") func none() {
        #expect(LatencyFigures().spread(of: .total) == nil)
        #expect(LatencyFigures.Spread([]).count == 0)
    }
}
