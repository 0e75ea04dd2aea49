import Foundation
import Telemetry
import Testing

@Suite struct ProcessStatisticsTests {
    @Test func readsFieldsBehindAStrangeProgramName() throws {
        let line =
            "71 (a) b (c) S 1 71 71 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 5000 1048576 300 18446744073709551615\n"
        let statistics = try #require(
            ProcessStatistics(
                stat: line,
                system: .init(ticks: 100, pageBytes: 16384, bootSeconds: 1000),
                openDescriptors: 4,
                descriptorLimit: 1024
            )
        )
        #expect(statistics.processorSeconds == 3)
        #expect(statistics.threads == 9)
        #expect(statistics.startSeconds == 1050)
        #expect(statistics.virtualBytes == 1_048_576)
        #expect(statistics.residentBytes == 4_915_200)
    }

    @Test(arguments: ["", "71 (a", "71 (a) S 1 2", "71 (a) S x x x x x x x x x x x x x x x x x x x x x x"])
    func refusesWhatIsNoStatistics(line: String) {
        let system = ProcessStatistics.System(ticks: 100, pageBytes: 4096, bootSeconds: 0)
        #expect(ProcessStatistics(stat: line, system: system, openDescriptors: 0, descriptorLimit: 0) == nil)
    }

    @Test func tellsOfThisProcess() throws {
        let files = (0..<10).compactMap { _ in FileHandle(forReadingAtPath: "/proc/self/stat") }
        let statistics = try #require(ProcessStatistics.current())
        #expect(statistics.openDescriptors >= Double(files.count))
        #expect(statistics.descriptorLimit > statistics.openDescriptors)
        #expect(statistics.residentBytes > 1_048_576)
        #expect(statistics.threads >= 1)
        let age: Double = Date().timeIntervalSince1970 - statistics.startSeconds
        #expect(age > -2 && age < 86_400)
        for file in files { try file.close() }
    }

    @Test func theExpositionEndsWithTheProcess() {
        let text = PrometheusRegistry().render()
        for definition in ProcessStatistics.definitions {
            #expect(text.contains("# TYPE \(definition.name) \(definition.kind.rawValue)\n\(definition.name) "))
        }
    }
}
