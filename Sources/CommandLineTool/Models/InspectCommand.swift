import ArgumentParser
import Foundation
import RKVoice

/// `rkvoice models inspect`
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print what a compiled .rknn or .rkllm file says of itself.",
        discussion: """
            Chips it was made for, the toolkit's release, inputs and outputs. Of an .rkllm file, whose format is not \
            public, what its name says. Needs no NPU and no library. Exit status 65 when the file is damaged or is none, \
            66 when it is not there.

            Examples:
              rkvoice models inspect decoder.rk3588.rknn
              rkvoice models inspect *.rknn --json
            """
    )

    @Argument(help: "An .rknn or .rkllm file, or several.", completion: .file(extensions: ["rknn", "rkllm"]))
    var files: [String]

    @Flag(help: "Print a JSON array of reports.")
    var json = false

    func run() async throws {
        try await reportingErrors {
            var reports: [ModelFileReport] = []
            for file in files { reports.append(try ModelFileReport(path: file)) }
            if json {
                try Terminal.result(jsonText(reports))
            } else {
                for (index, report) in reports.enumerated() {
                    if index > 0 { try Terminal.result("") }
                    try Self.show(report)
                }
            }
        }
    }

    private static func show(_ report: ModelFileReport) throws {
        try Terminal.result("file      \(report.file)")
        let simulated = report.simulated ? ", simulated: for the simulator only, no board can run it" : ""
        let targets = report.targets.isEmpty ? "not told" : report.targets.joined(separator: ", ")
        try Terminal.result("target    \(targets)\(simulated)")
        guard let toolkit = report.toolkit else { return try showLanguageModel(report) }
        try Terminal.result("toolkit   \(toolkit)")
        if let compiler = report.compiler { try Terminal.result("compiler  \(compiler)") }
        let (whole, model) = (sizeText(Int64(report.bytes)), sizeText(Int64(report.modelBytes)))
        try Terminal.result("size      \(report.bytes) bytes (\(whole)), \(model) of it for the driver")
        for port in report.ports {
            let direction = port.direction.padding(toLength: 9, withPad: " ", startingAt: 0)
            let shape = port.shape.map(String.init).joined(separator: ",")
            try Terminal.result("\(direction) \(port.name) \(port.type ?? "float")[\(shape)]")
        }
        if report.simulated { try Terminal.result("output    known once the simulator has run it") }
    }

    private static func showLanguageModel(_ report: ModelFileReport) throws {
        try Terminal.result("numbers   \(report.quantization ?? "not told")")
        try Terminal.result("size      \(report.bytes) bytes (\(sizeText(Int64(report.bytes))))")
        guard let decoder = report.decoder else {
            return try Terminal.result("decoder   not told: the format is the vendor's; the target is as the name says")
        }
        let context = decoder.context.map { ", context \($0)" } ?? ""
        try Terminal.result("decoder   vocabulary \(decoder.vocabulary), hidden size \(decoder.hidden)\(context)")
    }
}
