import Foundation
import Inference
import Testing

@Suite struct PlacementTests {
    private func refusal(of placements: String) throws -> String {
        let error = #expect(throws: InferenceError.self) { try Directory().bundle(placements) }
        #expect(error?.code == .badModel)
        return error?.description ?? ""
    }

    @Test func everythingThatAPartCanSayIsRead() throws {
        let bundle = try Directory().bundle(
            """
            {"rknn": {"boards": ["rk3588", "rk3576"], "encoder": [[
                {"file": "encoder.40.{board}.rknn", "runtime": "rknn", "frames": 40, "axes": {"speech": 1, "out": 1},
                 "pad": "edge", "mask": "mask", "cores": [1, 2], "contexts": 2, "bytes": 1000,
                 "sha256": {"rk3588": "\(String(repeating: "a", count: 64))"}, "source": "encoder.onnx",
                 "shapes": {"speech": [1, 40, 560]}},
                {"file": "encoder.80.{board}.rknn", "runtime": "rknn", "frames": 80, "axes": {"speech": 1, "out": 1},
                 "pad": "edge", "mask": "mask", "cores": [1, 2]}
            ], [{"file": "suffix.onnx", "runtime": "onnx"}]]}}
            """
        )
        let placement = try bundle.placement("rknn")
        #expect(placement.boards == ["rk3588", "rk3576"])
        let part = try #require(placement.stages["encoder"]?[0][0])
        #expect(part.fileName(for: .rk3576) == "encoder.40.rk3576.rknn")
        #expect(part.fileName(for: nil) == nil)
        #expect(part.request == .exactly([.core1, .core2]))
        #expect(part.pad == .edge && part.mask == "mask" && part.axes == ["speech": 1, "out": 1])
        #expect(part.contexts(onCores: 3) == 2 && part.bytes == 1000)
        #expect(part.sha256?.text(for: "rk3588")?.count == 64 && part.sha256?.text(for: "rk3576") == nil)
        #expect(part.source == "encoder.onnx" && part.shapes == ["speech": [1, 40, 560]])
        let suffix = try #require(placement.stages["encoder"]?[1][0])
        #expect(suffix.request == .any && suffix.contexts(onCores: 3) == 3)
        // What is written is read again as it was.
        let data = try JSONEncoder().encode(placement)
        #expect(try JSONDecoder().decode(Placement.self, from: data) == placement)
    }

    @Test(arguments: [
        (#"{"file": "a.rknn", "runtime": "rknn", "frame": 40}"#, "did you mean \"frames\"?"),
        (#"{"file": "a.rknn", "runtime": "rknn", "colour": 1}"#, "unknown key \"colour\""),
        (#"{"file": "a.rknn", "runtime": "npu"}"#, "it is one of onnx, rknn, rkllm, worker"),
        (#"{"file": "a.rknn"}"#, "\"runtime\" is missing"), (#"{"runtime": "onnx"}"#, "\"file\" is missing"),
        (#"{"file": "a.rknn", "runtime": "rknn", "frames": 40.5}"#, "\"frames\" is 40.5"),
        (#"{"file": "a.rknn", "runtime": "rknn", "bytes": 1e99}"#, "\"bytes\" is 1e+99"),
        (#"{"file": "a.rknn", "runtime": "rknn", "cores": [0.5]}"#, "\"cores\" is 0.5"),
        (#"{"file": "a.rknn", "runtime": "rknn", "frames": "40"}"#, "frames"),
        (#"{"file": "a.rknn", "runtime": "rknn", "frames": 0}"#, "at least 1"),
        (#"{"file": "a.rknn", "runtime": "rknn", "frames": 4, "pad": "mirror"}"#, "it is one of zero, edge"),
        (#"{"file": "a.rknn", "runtime": "rknn", "pad": "edge"}"#, "\"frames\", which is missing"),
        (#"{"file": "a.rknn", "runtime": "rknn", "cores": []}"#, "leave it out for any free core"),
        (#"{"file": "a.rknn", "runtime": "rknn", "cores": [1, 1]}"#, "different numbers"),
        (#"{"file": "a.rknn", "runtime": "rknn", "cores": [-1]}"#, "numbers from 0"),
        (#"{"file": "a.rknn", "runtime": "rknn", "contexts": 0}"#, "from 1 to 64"),
        (#"{"file": "a.rknn", "runtime": "rknn", "bytes": -1}"#, "negative"),
        (#"{"file": "a.rknn", "runtime": "rknn", "sha256": "abc"}"#, "64 hexadecimal digits"),
        (#"{"file": "a.rknn", "runtime": "rknn", "shapes": {"x": [0]}}"#, "shape of x"),
        (#"{"file": "../a.onnx", "runtime": "onnx"}"#, "leaves the bundle's directory"),
        (#"{"file": "x/../../a.onnx", "runtime": "onnx"}"#, "leaves the bundle's directory"),
        (#"{"file": "/etc/passwd", "runtime": "onnx"}"#, "absolute path"),
        (#"{"file": "", "runtime": "onnx"}"#, "empty path"),
        (#"{"file": "a.rknn", "runtime": "rknn", "source": "/a.onnx"}"#, "absolute path"),
        (#"{"file": "a.onnx", "file": "b.onnx", "runtime": "onnx"}"#, "\"file\" is there twice"),
    ]) func aPartThatIsNotUnderstoodIsRefused(part: String, words: String) throws {
        let message = try refusal(of: #"{"cpu": {"encoder": [[\#(part)]]}}"#)
        #expect(message.contains(words), "\(message)")
    }

    @Test(arguments: [
        (#"{"cpu": {"encoder": []}}"#, "the chain has no link"), (#"{"cpu": {"encoder": [[]]}}"#, "it has no bucket"),
        (#"{"cpu": {"encoder": {}}}"#, "no list of links"),
        (#"{"cpu": {"board": "rk3588"}}"#, "did you mean \"boards\"?"),
        (#"{"cpu": {"boards": []}}"#, "empty list"), (#"{"cpu": {"boards": "rk3588"}}"#, "boards"),
        (#"{"cpu": {"a": [[{"file": "a", "runtime": "onnx"}]], "a": []}}"#, "\"a\" is there twice"),
        (#"{"cpu": {}, "cpu": {}}"#, "\"cpu\" is there twice"), (#"{"cpu": []}"#, "cpu"),
    ]) func aPlacementThatIsNotUnderstoodIsRefused(placements: String, words: String) throws {
        let message = try refusal(of: placements)
        #expect(message.contains(words), "\(message)")
    }

    @Test(arguments: [
        ([40, 40], "do not increase"), ([80, 40], "do not increase"), ([nil, 40], "has no \"frames\""),
        ([40, nil], "has no \"frames\""),
    ]) func bucketsIncrease(frames: [Int?], words: String) throws {
        let buckets = frames.enumerated().map { index, frames in
            #"{"file": "\#(index).rknn", "runtime": "rknn"\#(frames.map { ", \"frames\": \($0)" } ?? "")}"#
        }
        let message = try refusal(of: #"{"rknn": {"encoder": [[\#(buckets.joined(separator: ","))]]}}"#)
        #expect(message.contains(words), "\(message)")
    }

    @Test func theSameWordInAnotherObjectOrInAStringIsNoRepetition() throws {
        let bundle = try Directory().bundle(
            #"{"cpu": {"file": [[{"file": "file \" file, {", "runtime": "onnx"}], [{"file": "b", "runtime": "onnx"}]]}}"#
        )
        #expect(try bundle.placement("cpu").stages["file"]?.count == 2)
    }
}
