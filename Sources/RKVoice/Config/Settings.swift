import Foundation
package import ModelStore

/// What the environment says. The only place that reads it.
package struct Settings: Sendable {
    /// Absolute path of the home: `RKVOICE_HOME`, else `~/.local/share/rkvoice`.
    package var home: String
    /// `RKVOICE_ONNXRUNTIME`: path of an ONNX Runtime library to use before any other.
    package var onnxRuntimePath: String?
    /// `RKVOICE_MIRROR`: `https://host[/prefix]` in place of the hosts of URL sources.
    package var mirror: String?
    /// `RKVOICE_OFFLINE=1`: nothing is downloaded.
    package var isOffline: Bool
    /// `RKVOICE_CATALOG`: a second catalog file.
    package var catalogPath: String?
    /// `RKVOICE_KEEP_DOWNLOADS=1`: verified downloads stay after an installation.
    package var keepDownloads: Bool
    /// `RKVOICE_LOCK_TIMEOUT`: seconds to wait for another process; nil for the store's default.
    package var lockTimeout: Double?
    /// `NO_COLOR` (no-color.org): set and not empty means no color.
    package var noColor: Bool
    /// The whole environment, for child processes.
    package var environment: [String: String]

    /// Reads the settings. Empty values count as unset; switches are on with `1`, `true`, `yes` or `on`.
    package static func fromEnvironment(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Settings {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let isOn = { (name: String) in ["1", "true", "yes", "on"].contains(value(name)?.lowercased()) }
        let userHome = value("HOME") ?? NSHomeDirectory()
        let home = value("RKVOICE_HOME") ?? userHome + "/.local/share/rkvoice"
        return Settings(
            home: URL(fileURLWithPath: home).standardizedFileURL.path,
            onnxRuntimePath: value("RKVOICE_ONNXRUNTIME"),
            mirror: value("RKVOICE_MIRROR"),
            isOffline: isOn("RKVOICE_OFFLINE"),
            catalogPath: value("RKVOICE_CATALOG"),
            keepDownloads: isOn("RKVOICE_KEEP_DOWNLOADS"),
            lockTimeout: value("RKVOICE_LOCK_TIMEOUT").flatMap(Double.init).flatMap { $0 >= 0 ? $0 : nil },
            noColor: value("NO_COLOR") != nil,
            environment: environment
        )
    }

    /// The model store of the home.
    ///
    /// - Throws: ``StoreError`` when the user's catalog cannot be read.
    package func modelStore() throws(StoreError) -> ModelStore {
        var options = StoreOptions(environment: environment)
        options.mirror = mirror
        options.offline = isOffline
        options.catalogPath = catalogPath
        options.keepDownloads = keepDownloads
        if let lockTimeout { options.lockTimeout = lockTimeout }
        return try ModelStore(home: StoreHome(root: home), options: options)
    }
}
