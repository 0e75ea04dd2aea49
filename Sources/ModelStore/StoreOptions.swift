/// What the store needs to know about the world; the configuration room fills it in.
package struct StoreOptions: Sendable {
    /// Environment handed to child processes (pip, curl, preparation), so that proxies and indexes are honored.
    package var environment: [String: String]
    /// `scheme://host[:port][/prefix]` that replaces the host of every URL source; https, or http to loopback.
    package var mirror: String?
    /// True: nothing is downloaded; what is installed still works.
    package var offline = false
    /// True: verified downloads stay in `downloads/` after an installation.
    package var keepDownloads = false
    /// A second catalog file; its entries win over built-in ones with the same id.
    package var catalogPath: String?
    /// Seconds to wait for another process before giving up. Long enough for its whole download on a slow line.
    package var lockTimeout: Double = 1800
    /// Machine type that picks among a model's sources: `x86_64` or `aarch64`.
    package var architecture = StoreOptions.hostArchitecture
    /// Bytes an unprivileged user may still write at a path; nil when unknown.
    package var freeSpace: @Sendable (_ path: String) -> Int64? = { Disk.freeSpace(at: $0) }

    /// Describes a directory that has no `bundle.json`, by its path, the model's name and its license; nil when its layout is
    /// not known.
    package var describe: @Sendable (String, String, String) throws(StoreError) -> BundleDescription? = { _, _, _ in nil
    }

    /// What a directory in the layout of others holds.
    package struct BundleDescription: Sendable {
        /// What would be in its `bundle.json`.
        package var json: [UInt8]
        /// The files that are needed.
        package var files: [String]

        package init(json: [UInt8], files: [String]) {
            self.json = json
            self.files = files
        }
    }

    package init(environment: [String: String]) {
        self.environment = environment
    }

    /// The machine type this executable was built for.
    package static var hostArchitecture: String {
        #if arch(arm64)
            "aarch64"
        #elseif arch(x86_64)
            "x86_64"
        #else
            "other"
        #endif
    }
}
