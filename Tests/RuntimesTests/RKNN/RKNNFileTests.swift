import Foundation
import Inference
import Runtimes
import SpeechTesting
import Testing

/// Files written byte by byte, laid out like those of the toolkit.
@Suite struct RKNNFileTests {
    private static let description = """
        {"graph": [{"left": "input", "left_tensor_id": 0, "right": "norm_tensor", "right_tensor_id": 0}, \
        {"left": "output", "left_tensor_id": 0, "right": "norm_tensor", "right_tensor_id": 1}], "norm_tensor": \
        [{"dtype": {"vx_type": "int8"}, "size": [1, 3, 4, 5], "tensor_id": 0, "url": "pixels"}, \
        {"dtype": {"vx_type": ""}, "size": [1, 20], "tensor_id": 1, "url": "scores"}], \
        "target_platform": ["rk3588"], "version": "2.3.1-source_code"}
        """

    private static func bytes(_ description: String = Self.description, model: Int = 200, version: UInt8 = 6) -> Data {
        var body = [UInt8](repeating: 0, count: 4) + Array("RKNN".utf8) + [UInt8](repeating: 1, count: 40)
        body += Array("2.3.1-source_code(compiler version: 2.3.2 (c978047055@2025-03-29T19:29:52))\0".utf8)
        body += [UInt8](repeating: 7, count: max(0, model - body.count))
        var data = Data("RKNN\0\0\0\0".utf8) + Data([version, 0, 0, 0, 0, 0, 0, 0])
        withUnsafeBytes(of: UInt64(body.count).littleEndian) { data.append(contentsOf: $0) }
        data += Data(count: 64 - data.count) + Data(body)
        withUnsafeBytes(of: UInt64(description.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        return data + Data(description.utf8)
    }

    private func read(_ data: Data, name: String = "decoder.rk3588.rknn") throws -> RKNNFile {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("file-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent(name)
        try data.write(to: path)
        return try RKNNFile(path: path.path)
    }

    private func refusal(_ data: Data) throws -> InferenceError {
        try #require(#expect(throws: InferenceError.self) { try read(data) })
    }

    @Test func aFileTellsTargetToolkitCompilerAndTensors() throws {
        let file = try read(Self.bytes())
        #expect(file.targets == ["rk3588"])
        #expect(file.toolkitVersion == "2.3.1-source_code")
        #expect(file.compilerVersion == "2.3.2 (c978047055@2025-03-29T19:29:52)")
        #expect(file.modelBytes == 200)
        #expect(!file.isSimulated)
        #expect(file.ports.map(\.description) == ["input pixels int8[1,3,4,5]", "output scores float[1,20]"])
    }

    @Test func everyCutIsToldWithItsSizes() throws {
        let whole = Self.bytes()
        for size in [5, 30, 63, 64, 100, 264, 270, whole.count - 1] {
            let error = try refusal(whole.prefix(size))
            #expect(error.code == .badModel)
            #expect(error.message.contains("cut off"), "\(size): \(error)")
            #expect(error.message.contains("\(size)"), "\(size): \(error)")
        }
        #expect(
            try refusal(whole.prefix(whole.count - 1)).message.contains("\(whole.count - 1) of \(whole.count) bytes")
        )
        #expect(try refusal(whole + Data([1, 2])).message.contains("2 bytes follow its end"))
    }

    @Test func lengthsThatCannotBeAreNotBelieved() throws {
        for place in [16, 264] {
            for byte in [UInt8(0x7F), 0xFF] {
                var data = Self.bytes()
                for index in 0..<8 { data[place + index] = byte }
                let error = try refusal(data)
                #expect(error.message.contains("cut off"), "\(error)")
            }
        }
    }

    @Test func whatIsNoCompiledModelIsNamed() throws {
        #expect(try refusal(Data()).message.contains("empty"))
        #expect(try refusal(Data([8, 8, 0x12, 7])).message.contains("begins with 08 08 12 07"))
        let pointer = "version https://git-lfs\noid sha256:00\nsize 49600000\n"
        #expect(try refusal(Data(pointer.utf8)).message.contains("Git LFS pointer that stands for 49600000 bytes"))
        #expect(try refusal(Self.bytes(version: 5)).message.contains("version 5"))
        for description in ["", "{", "[]", "{\"version\": 3}", String(repeating: "[", count: 100_000)] {
            #expect(try refusal(Self.bytes(description)).message.contains("description"), "\(description.prefix(20))")
        }
        let folder = #expect(throws: InferenceError.self) { try RKNNFile(path: "/tmp") }
        #expect(folder?.message.contains("directory") == true)
        let device = #expect(throws: InferenceError.self) { try RKNNFile(path: "/dev/zero") }
        #expect(device?.message.contains("regular file") == true)
        let nowhere = #expect(throws: InferenceError.self) { try RKNNFile(path: "/nowhere/a.rknn") }
        #expect(nowhere?.code == .missingFile)
    }

    @Test func aNamedPipeDoesNotHang() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("pipe-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try #require(mkfifo(path, 0o600) == 0)
        let error = #expect(throws: InferenceError.self) { try RKNNFile(path: path) }
        #expect(error?.message.contains("regular file") == true)
    }

    @Test func theOtherChipsFileIsToldWithTheNameThatIsWanted() throws {
        let file = try read(Self.bytes())
        try file.check(board: .rk3588, runtimeVersion: "2.3.2", isSimulator: false)
        let error = #expect(throws: InferenceError.self) {
            try file.check(board: .rk3576, runtimeVersion: "2.3.2", isSimulator: false)
        }
        #expect(error?.message.contains("made for rk3588, but this board is an rk3576") == true)
        #expect(error?.message.contains("decoder.rk3576.rknn") == true)
        let unnamed = try read(Self.bytes(), name: "decoder.rknn")
        let second = #expect(throws: InferenceError.self) {
            try unnamed.check(board: .rk3576, runtimeVersion: nil, isSimulator: false)
        }
        #expect(second?.message.contains("decoder.rk3576.rknn") == true)
    }

    @Test(arguments: [("2.5.0", true), ("3.0.0", true), ("2.3.9", false), ("2.3.2", false), ("1.6.1", false)])
    func aToolkitNewerThanTheRuntimeIsTold(toolkit: String, isRefused: Bool) throws {
        let file = try read(Self.bytes(Self.description.replacing("2.3.1-source_code", with: toolkit)))
        let runtime = "2.3.2 (429f97ae6b@2025-04-09T09:09:27)"
        func check() throws { try file.check(board: .rk3588, runtimeVersion: runtime, isSimulator: false) }
        guard isRefused else { return try check() }
        let error = #expect(throws: InferenceError.self) { try check() }
        #expect(error?.message.contains("toolkit \(toolkit), which is newer than the runtime 2.3.2") == true)
        #expect(error?.message.contains("update librknnrt") == true)
    }

    @Test func simulatedAndRealDoNotMix() throws {
        let real = try read(Self.bytes())
        let first = #expect(throws: InferenceError.self) {
            try real.check(board: .rk3588, runtimeVersion: nil, isSimulator: true)
        }
        #expect(first?.message.contains("the simulator cannot run") == true)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sim-\(UUID().uuidString).rknn").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let onnx = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/front.onnx").path
        try RKNNContainer.pack(onnx: onnx, inputs: ["features": [1, 8, 5]], target: "rk3576", name: "front", to: path)
        let packed = try RKNNFile(path: path)
        #expect(packed.isSimulated)
        #expect(packed.targets == ["rk3576"])
        #expect(packed.ports.map(\.description) == ["input features float[1,8,5]"])
        let second = #expect(throws: InferenceError.self) {
            try packed.check(board: .rk3576, runtimeVersion: "2.3.2", isSimulator: false)
        }
        #expect(second?.message.contains("container of the simulator") == true)
    }

    @Test func aContainerThatCannotBeMadeLeavesNothingBehind() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("pack-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let missing = #expect(throws: InferenceError.self) {
            try RKNNContainer.pack(
                onnx: "/nowhere.onnx",
                inputs: [:],
                target: "rk3588",
                name: "x",
                to: directory.path + "/x.rknn"
            )
        }
        #expect(missing?.code == .missingFile)
        let onnx = directory.path + "/y.onnx"
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: onnx))
        #expect(throws: InferenceError.self) {
            try RKNNContainer.pack(
                onnx: onnx,
                inputs: ["a": [1, 0]],
                target: "rk3588",
                name: "x",
                to: directory.path + "/x.rknn"
            )
        }
        #expect(throws: InferenceError.self) {
            try RKNNContainer.pack(
                onnx: onnx,
                inputs: [:],
                target: "rk3588",
                name: "x",
                to: directory.path + "/none/x.rknn"
            )
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["y.onnx"])
    }
}
