import ArgumentParser
import Foundation
import RKVoice

/// Which server is measured, and with which key.
struct ServerOptions: ParsableArguments, Sendable {
    @Option(help: "Address of a server that runs, such as http://board:8621 (default: one is started here).")
    var url: String?

    @Option(
        help: ArgumentHelp(
            "Key that the server asks for. Every user of this machine sees flags in the list of processes: better "
                + "--api-key-file, or SERVICE_KEY in the environment.",
            valueName: "key"
        )
    )
    var apiKey: String?

    @Option(help: ArgumentHelp("File whose first line is the key.", valueName: "path"))
    var apiKeyFile: String?

    /// Nil where a server is to be started.
    var address: ServerAddress? {
        get throws(CommandError) {
            guard let url else { return nil }
            return try ServerAddress(url)
        }
    }

    /// The key: a flag over a file over the environment; nil without one.
    var key: String? {
        get throws {
            if let apiKey { return apiKey }
            guard let apiKeyFile else {
                return ProcessEnvironment.variables["SERVICE_KEY"].flatMap { $0.isEmpty ? nil : $0 }
            }
            guard let text = try? String(contentsOfFile: apiKeyFile, encoding: .utf8) else {
                throw CommandError(.noInput, "\(apiKeyFile) cannot be read")
            }
            let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            guard let line = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else {
                throw CommandError(.badData, "\(apiKeyFile) has no key")
            }
            return line
        }
    }
}

extension CommonOptions {
    /// Whether something is said about models, which a server that runs has loaded already.
    var concernsModels: Bool { threads != nil || onnxRuntime != nil || placement != nil || !npu.flags.isEmpty }
}
