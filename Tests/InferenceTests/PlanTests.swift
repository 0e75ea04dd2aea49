import Foundation
import Inference
import Testing

@Suite struct PlanTests {
    private func bundle(_ parts: String, name: String = "toy", files: [String: String] = [:]) throws -> (
        Directory, ModelBundle
    ) {
        let directory = try Directory(files)
        return (directory, try directory.bundle(#"{"rknn": {"stage": [[\#(parts)]]}}"#, name: name))
    }

    private func part(_ file: String, _ more: String = "") -> String {
        #"{"file": "\#(file)", "runtime": "rknn"\#(more)}"#
    }

    private func plan(_ board: Board, _ bundles: [(Directory, ModelBundle)], memory: Int? = nil) -> Plan {
        let candidates = bundles.enumerated().map { Planner.Candidate(id: "m\($0)", bundle: $1.1) }
        return Planner(board: board, memoryLimit: memory).plan(candidates)
    }

    @Test func whatFitsIsShownWithItsFilesAndSizes() throws {
        let voice = try bundle(part("a.{board}.rknn", #", "bytes": 1000"#), files: ["a.rk3588.rknn": "12345"])
        let plan = plan(.rk3588, [voice])
        #expect(plan.fits && plan.conflicts.isEmpty)
        let row = try #require(plan.models.first?.parts.first)
        #expect(row.file == "a.rk3588.rknn" && row.isPresent && row.fileBytes == 5)
        #expect(row.memory == 1000 && row.memoryBasis == .stated && row.contexts == 3 && row.cores == nil)
        #expect(plan.device?.memoryUsed == 1000 && plan.device?.memoryLimit == 4 << 30)
    }

    @Test func aSizeThatNobodyKnowsIsSaidToBeUnknown() throws {
        let plan = plan(.rk3588, [try bundle(part("a.rknn"))])
        #expect(plan.models[0].placement == "rknn")
        #expect(plan.models[0].parts[0].memory == nil && plan.device?.unknownFiles == 1)
        #expect(plan.conflicts.map(\.kind) == [.missingFile])
        #expect(!plan.fits && plan.conflicts[0].message.contains("a.rknn"))
        // The size of a file is the least it can need.
        let present = self.plan(.rk3588, [try bundle(part("a.rknn"), files: ["a.rknn": "123"])])
        #expect(present.models[0].parts[0].memoryBasis == .file && present.fits)
    }

    @Test func memoryIsAddedUpAndTheSumIsShown() throws {
        let bundles = try [300, 200, 10].map {
            try bundle(part("a.rknn", #", "bytes": \#($0 << 20)"#), files: ["a.rknn": ""])
        }
        let conflict = try #require(plan(.rk3576, bundles, memory: 400 << 20).conflicts.first)
        #expect(conflict.kind == .memory && conflict.severity == .error)
        #expect(
            conflict.message
                == "300 MiB (m0) + 200 MiB (m1) + 10 MiB (m2) = 510 MiB, 110 MiB more than the 400 MiB of RK3576"
        )
        #expect(conflict.remedy.contains("m0"))
    }

    @Test func modelsTiedToOneCoreTakeTurnsAndAreToldOfAFreeOne() throws {
        let files = ["a.rknn": ""]
        let bundles = try (0..<2).map { _ in try bundle(part("a.rknn", #", "cores": [0]"#), files: files) }
        let plan = plan(.rk3588, bundles)
        let conflict = try #require(plan.conflicts.first)
        #expect(plan.fits && conflict.severity == .warning && conflict.models == ["m0", "m1"])
        #expect(conflict.message.contains("2 models on 1 core") && conflict.remedy.contains("core 1"))
    }

    @Test func coresAndMasksThatTheBoardMayNotTakeAreNamed() throws {
        let files = ["a.rknn": ""]
        let both = try bundle(part("a.rknn", #", "cores": [1, 2]"#), files: files)
        let doubtful = plan(.rk3588, [both])
        #expect(doubtful.fits && doubtful.conflicts.map(\.kind) == [.mask])
        #expect(doubtful.conflicts[0].message.contains("mask 6") && doubtful.conflicts[0].message.contains("65535"))
        let impossible = plan(.rk3576, [both])
        #expect(!impossible.fits && impossible.conflicts.map(\.kind) == [.noSuchCore])
        #expect(impossible.conflicts[0].message.contains("cores 0 to 1"))
    }

    @Test func aHostWithoutAnNPUCannotRunIt() throws {
        let plan = plan(.cpu, [try bundle(part("a.rknn"), files: ["a.rknn": ""])])
        #expect(!plan.fits && plan.device == nil && plan.conflicts.map(\.kind) == [.placement])
    }

    @Test func aModelThatIsNotThereIsSaidNotToBe() {
        let plan = Planner(board: .rk3588).plan([.init(id: "x", bundle: nil, problem: "not installed")])
        #expect(plan.models.map(\.isInstalled) == [false] && plan.models[0].problem == "not installed")
        #expect(plan.fits)
    }

    @Test func itCanBeReadByPrograms() throws {
        let plan = plan(.rk3588, [try bundle(part("a.rknn", #", "cores": [0]"#))])
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(plan)) as? [String: Any]
        #expect(object?["board"] as? String == "rk3588")
        #expect((object?["conflicts"] as? [[String: Any]])?.first?["kind"] as? String == "missing_file")
    }
}
