import Foundation
import Inference
import RKVoice
import Testing

/// Verdicts other than `ok`, such as `npu.driver fail`: what a user has to act on, and nothing else.
private func complaints(_ tree: FixtureTree, _ question: HostQuestion = HostQuestion()) -> [String] {
    findings(tree, question).filter { $0.verdict != .ok }.map { "\($0.check.rawValue) \($0.verdict.rawValue)" }
}

private func findings(_ tree: FixtureTree, _ question: HostQuestion = HostQuestion()) -> [Finding] {
    Machine(root: tree.path, architecture: .aarch64).findings(question)
}

/// What is said of one thing, with the fix.
private func text(_ check: Check, _ tree: FixtureTree, _ question: HostQuestion = HostQuestion()) -> String {
    findings(tree, question).filter { $0.check == check }.map { "\($0.message) | \($0.fix ?? "")" }
        .joined(separator: "\n")
}

@Suite("Doctor: libraries")
struct DoctorLibraryTests {
    private let rkllm = "/usr/lib/librkllmrt.so"

    @Test("No librknnrt on a board with an NPU")
    func missing() throws {
        let tree = try FixtureTree.board()
        try tree.remove("/usr/lib/librknnrt.so")
        #expect(complaints(tree) == ["npu.library fail"])
        #expect(text(.rknn, tree).contains("sudo curl -fLo /usr/lib/librknnrt.so https://"))
    }

    @Test("A library for another machine, cut off, empty or none at all is told from the others")
    func damaged() throws {
        let tree = try FixtureTree.board()
        try tree.library("/usr/lib/librknnrt.so", says: "librknnrt version: 2.3.2", machine: 62)
        #expect(text(.rknn, tree).contains("it is for x86-64, this machine is aarch64"))
        try tree.write("", to: "/usr/lib/librknnrt.so")
        #expect(text(.rknn, tree).contains("it is empty"))
        try tree.write("hello", to: "/usr/lib/librknnrt.so")
        #expect(text(.rknn, tree).contains("no ELF file"))
        #expect(complaints(tree) == ["npu.library fail"])
    }

    @Test("A release that is too old, or not to be found")
    func old() throws {
        let tree = try FixtureTree.board()
        try tree.library("/usr/lib/librknnrt.so", says: "librknnrt version: 1.4.0 (x)")
        let old = "/usr/lib/librknnrt.so is 1.4.0 (x), older than any release this version was read for"
        expect(tree.report(), is: FixtureTree.expected(except: ["npu.library warn: \(old)"]))
        try tree.library("/usr/lib/librknnrt.so", says: "nothing")
        #expect(text(.rknn, tree).contains("not written in it"))
    }

    @Test(
        "Each generation of RKLLM is known, anything else is refused by its name",
        arguments: [
            ("1.1.4", "1.1.0–1.1.4"), ("1.2.0", "generation 1.2.0"), ("1.2.3", "1.2.1–1.2.3"),
            ("1.3.0", "generation 1.3.0"),
            ("1.2.1b1", "is a beta"), ("1.2.1-beta", "is a beta"), ("1.4.0", "is not known"),
        ]
    )
    func generations(release: String, said: String) throws {
        let tree = try FixtureTree.board()
        let build = "target: Linux | build: f8ca3ae8 2025-04-08 12:00:00)"
        try tree.library(rkllm, says: "RKLLM SDK (version: \(release) | \(build)")
        #expect(text(.rkllm, tree).contains(said) && text(.rkllm, tree).contains(release))
        #expect(complaints(tree) == (said.hasPrefix("is") ? ["llm.library fail"] : []))
    }

    @Test("Two releases of RKLLM are named with their places; a link to one is no second")
    func twoReleases() throws {
        let tree = try FixtureTree.board()
        try tree.library(rkllm, says: "rkllm-runtime version: 1.2.3")
        try tree.link("/usr/lib64/librkllmrt.so", to: "../lib/librkllmrt.so")
        #expect(complaints(tree) == [])
        try tree.library("/usr/local/lib/librkllmrt.so", says: "RKLLM SDK (version: 1.3.0 | target: Linux")
        let places = "/usr/lib/librkllmrt.so (1.2.3), /usr/local/lib/librkllmrt.so (1.3.0)"
        expect(
            tree.report(),
            is: FixtureTree.expected(except: [
                "llm.library ok: /usr/lib/librkllmrt.so is 1.2.3, generation 1.2.1–1.2.3",
                "llm.library.copies warn: 2 different ones: \(places)",
            ])
        )
    }

    @Test("Where the system's loader would find a library comes first")
    func loaderDirectories() throws {
        let tree = try FixtureTree.board()
        try tree.write("# a board's own place\n/opt/vendor/lib\n", to: "/etc/ld.so.conf.d/board.conf")
        try tree.library("/opt/vendor/lib/librknnrt.so", says: "librknnrt version: 2.2.0 (x)")
        expect(
            tree.report(),
            is: FixtureTree.expected(except: [
                "npu.library ok: /opt/vendor/lib/librknnrt.so is 2.2.0 (x), for aarch64",
                "npu.library.copies warn: 2 different ones: /opt/vendor/lib/librknnrt.so (2.2.0 (x)), "
                    + "/usr/lib/librknnrt.so (2.3.2 (429f97ae6b@2025-04-09T09:09:27))",
            ])
        )
    }

    @Test("A path that was asked for has to be there")
    func ownPath() throws {
        var question = HostQuestion()
        question.rknnPath = "/opt/mine/librknnrt.so"
        #expect(complaints(try FixtureTree.board(), question) == ["npu.library fail"])
        question.rknnPath = nil
        question.rkllmPath = "/opt/mine/librkllmrt.so"
        let tree = try FixtureTree.board()
        #expect(complaints(tree, question) == ["llm.library fail"])
        // A release that is set wins over what the file says.
        try tree.library("/opt/mine/librkllmrt.so", says: "nothing")
        #expect(complaints(tree, question) == ["llm.library warn"])
        question.rkllmVersion = "1.2.3"
        #expect(text(.rkllm, tree, question).contains("/opt/mine/librkllmrt.so is 1.2.3"))
    }
}
