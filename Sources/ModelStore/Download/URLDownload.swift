import Foundation

/// Fetches files behind URLs with curl: resumed by byte range, redirected without credentials to other hosts.
struct URLDownload {
    let context: InstallContext

    /// Attempts in a row without a new byte after which the network is called broken.
    private static let idleAttempts = 3

    /// The verified file in `downloads/`.
    func fetch(_ item: Catalog.Download) throws(StoreError) -> DownloadedFile {
        let url = try URLPolicy.resolve(item.url, mirror: context.options.mirror)
        let name = URLPolicy.presentable(url)
        let store = DownloadStore(context: context)
        if try !store.holds(item.sha256, name: name, bytes: item.bytes) {
            try store.refuseWhenOffline(name)
            try Disk.makeDirectory(context.home.downloads)
            let partial = store.partialPath(item.sha256)
            let wasResumed = Disk.size(of: partial) != nil
            do {
                try transfer(item, from: url, to: partial)
                try store.admit(partial, sha256: item.sha256, name: name, bytes: item.bytes)
            } catch  where error.code == .badData && wasResumed {
                // The beginning may be of another release: once more from the first byte.
                try Disk.remove(partial)
                try transfer(item, from: url, to: partial)
                try store.admit(partial, sha256: item.sha256, name: name, bytes: item.bytes)
            }
        }
        return DownloadedFile(
            path: store.verifiedPath(item.sha256),
            name: name,
            sha256: item.sha256,
            to: item.to,
            extract: item.extract
        )
    }

    private func transfer(_ item: Catalog.Download, from url: URL, to partial: String) throws(StoreError) {
        if let size = Disk.size(of: partial), size > item.bytes { try Disk.remove(partial) }
        guard let curl = ChildProcess.find("curl", environment: context.options.environment) else {
            throw StoreError(.unavailable, "curl was not found; install it with: apt-get install curl ca-certificates")
        }
        let configuration = context.work + "/curl.conf"
        try Disk.write(Self.configuration(url, to: partial, bytes: item.bytes), to: configuration, privately: true)
        context.meter.begin(.downloading, URLPolicy.presentable(url), total: item.bytes)
        var idle = 0
        while (Disk.size(of: partial) ?? 0) < item.bytes {
            let before = Disk.size(of: partial) ?? 0
            let status = try context.run(curl, ["-q", "--config", configuration]) {
                context.meter.update(Disk.size(of: partial) ?? 0)
            }
            let after = Disk.size(of: partial) ?? 0
            if status == 0 { break }
            // 33: the server does not know ranges; 36: the partial file cannot be continued (curl's manual).
            if status == 33 || status == 36 { try Disk.remove(partial) }
            idle = after > before ? 0 : idle + 1
            let fault = CurlFailure(status: status, log: ProcessLog(file: context.log))
            guard fault.isTransient, idle < Self.idleAttempts else { throw fault.error(url) }
        }
        guard Disk.size(of: partial) == item.bytes else { throw try wrongSize(partial, item, url) }
    }

    private func wrongSize(_ partial: String, _ item: Catalog.Download, _ url: URL) throws(StoreError) -> StoreError {
        let actual = Disk.size(of: partial) ?? 0
        try Disk.remove(partial)
        return StoreError(
            .badData,
            "wrong size for \(URLPolicy.presentable(url)): expected \(item.bytes) bytes, got \(actual); "
                + "the file was removed: retry, or check the mirror it came from"
        )
    }

    /// curl's options go through a private file, so that credentials in a URL do not show in the process list.
    private static func configuration(_ url: URL, to partial: String, bytes: Int64) -> [UInt8] {
        let quoted = { (text: String) in
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        let schemes = URLPolicy.isLoopback(url) ? "=http,https" : "=https"
        let lines = [
            "url = " + quoted(url.absoluteString), "output = " + quoted(partial),
            // Location is followed; curl sends credentials to the first host only.
            "location", "max-redirs = 5", "proto = " + quoted(schemes), "proto-redir = " + quoted(schemes),
            "fail", "silent", "show-error", "continue-at = -", "globoff",
            "max-filesize = \(bytes)",
            // A dead line is noticed after half a minute and resumed.
            "connect-timeout = 20", "speed-limit = 1", "speed-time = 30",
        ]
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
}
