import Foundation
package import ModelStore

/// Where models live and how they run. The only place that reads the environment.
public struct Settings: Sendable {
    /// Absolute path of the home: `RKVOICE_HOME`, else `~/.local/share/rkvoice`.
    public var home: String
    /// `RKVOICE_ONNXRUNTIME`: path of an ONNX Runtime library to use before any other.
    public var onnxRuntimePath: String?
    /// `RKVOICE_ESPEAK`: path of the phoneme process; nil takes the one beside the executable.
    public var espeakPath: String?
    /// `RKVOICE_THREADS`: threads that work on one graph; by default every core up to four.
    public var threads: Int
    /// `RKVOICE_MIRROR`: `https://host[/prefix]` in place of the hosts of URL sources.
    public var mirror: String?
    /// `RKVOICE_OFFLINE=1`: nothing is downloaded.
    public var isOffline: Bool
    /// `RKVOICE_CATALOG`: a second catalog file.
    public var catalogPath: String?
    /// `RKVOICE_KEEP_DOWNLOADS=1`: verified downloads stay after an installation.
    public var keepDownloads: Bool
    /// `RKVOICE_LOCK_TIMEOUT`: seconds to wait for another process; nil for the store's default.
    public var lockTimeout: Double?
    /// `NO_COLOR` (no-color.org): set and not empty means no color.
    public var noColor: Bool
    /// The whole environment, for child processes.
    package var environment: [String: String]

    /// Reads the settings. Empty values count as unset; switches are on with `1`, `true`, `yes` or `on`.
    public static func fromEnvironment() -> Settings { from(ProcessInfo.processInfo.environment) }

    /// Reads the settings from given variables.
    package static func from(_ environment: [String: String]) -> Settings {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let isOn = { (name: String) in ["1", "true", "yes", "on"].contains(value(name)?.lowercased()) }
        let userHome = value("HOME") ?? NSHomeDirectory()
        let home = value("RKVOICE_HOME") ?? userHome + "/.local/share/rkvoice"
        return Settings(
            home: URL(fileURLWithPath: home).standardizedFileURL.path,
            onnxRuntimePath: value("RKVOICE_ONNXRUNTIME"),
            espeakPath: value("RKVOICE_ESPEAK"),
            threads: value("RKVOICE_THREADS").flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } ?? defaultThreads,
            mirror: value("RKVOICE_MIRROR"),
            isOffline: isOn("RKVOICE_OFFLINE"),
            catalogPath: value("RKVOICE_CATALOG"),
            keepDownloads: isOn("RKVOICE_KEEP_DOWNLOADS"),
            lockTimeout: value("RKVOICE_LOCK_TIMEOUT").flatMap(Double.init).flatMap { $0 >= 0 ? $0 : nil },
            noColor: value("NO_COLOR") != nil,
            environment: environment
        )
    }

    /// Every core up to four: the graphs here are too small to gain from more.
    private static let defaultThreads = min(4, ProcessInfo.processInfo.activeProcessorCount)

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
