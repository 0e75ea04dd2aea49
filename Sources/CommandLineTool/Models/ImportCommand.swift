import ArgumentParser
import ModelStore
import RKVoice

/// `rkvoice models import`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Install a model of your own, without a network.",
        discussion: """
            PATH is a directory with bundle.json, an archive of one (.zip, .tar, .tar.gz, .tar.bz2, .tar.xz), a directory or \
            archive of SenseVoice, Paraformer or punctuation as sherpa-onnx publishes it, or a Piper voice NAME.onnx with \
            NAME.onnx.json beside it. An installed model's directory, packed on another machine, is \
            checked against its manifest.

            Examples:
              rkvoice models import whisper-base.tar.gz
              rkvoice models import sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17.tar.bz2 --id my-ears
              rkvoice models import de_DE-thorsten-medium.onnx --license CC0-1.0
            """
    )

    @Argument(help: "A directory, an archive or a Piper voice.", completion: .file())
    var path: String

    @Option(help: "The id to install it under; its own name when left out.")
    var id: String?

    @Option(help: "License of a model whose files do not tell (SPDX).")
    var license = "unknown"

    func run() async throws {
        let (path, id, license) = (path, id, license)
        try await reportingErrors {
            let settings = try Settings.checked()
            let store = try settings.modelStore()
            let bar = ProgressBar(noColor: settings.noColor)
            defer { bar.clear() }
            let installed = try await interruptible {
                try await store.importModel(from: path, id: id, license: license) { bar.show($0) }
            }
            bar.clear()
            try Terminal.result("\(installed)\t\(try store.path(installed))")
        }
    }
}
