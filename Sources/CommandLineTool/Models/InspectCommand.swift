import ArgumentParser
import Foundation
import RKVoice

/// `rkvoice models inspect`
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print what a compiled .rknn file says of itself.",
        discussion: """
            Chips it was made for, the toolkit's release, inputs and outputs. Needs no NPU and no library. Exit status 65 \
            when the file is damaged or is none, 66 when it is not there.

            Examples:
              rkvoice models inspect decoder.rk3588.rknn
              rkvoice models inspect *.rknn --json
            """
    )

    @Argument(help: "An .rknn file, or several.", completion: .file(extensions: ["rknn"]))
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
        try Terminal.result("target    \(report.targets.joined(separator: ", "))\(simulated)")
        try Terminal.result("toolkit   \(report.toolkit)")
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
}
