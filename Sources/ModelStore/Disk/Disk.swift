import Foundation
import Glibc

/// File operations of the store, each with an error that names the path and the remedy.
enum Disk {
    /// Bytes that may still be written at the nearest existing ancestor of `path`; nil when the system does not say.
    static func freeSpace(at path: String) -> Int64? {
        var existing = path
        while !existing.isEmpty, existing != "/", !FileManager.default.fileExists(atPath: existing) {
            existing = (existing as NSString).deletingLastPathComponent
        }
        var status = statvfs()
        guard statvfs(existing.isEmpty ? "." : existing, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail)) * Int64(clamping: UInt64(status.f_frsize))
    }

    /// Creates a directory and what is missing above it.
    static func makeDirectory(_ path: String) throws(StoreError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw fault("cannot create the directory '\(path)'", error, otherwise: .cannotCreate)
        }
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// Size in bytes of a regular file; nil when there is none.
    static func size(of path: String) -> Int64? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return nil }
        return (attributes[.size] as? NSNumber)?.int64Value
    }

    /// Names in a directory, sorted; empty when it cannot be read.
    static func names(in directory: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
    }

    /// Removes a file or a whole directory; nothing happens when it is not there.
    static func remove(_ path: String) throws(StoreError) {
        guard exists(path) || isLink(path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw fault("cannot remove '\(path)'", error, otherwise: .inputOutput)
        }
    }

    /// Renames within the home: atomic, and the target must not be a directory with files.
    static func move(_ from: String, to: String) throws(StoreError) {
        guard rename(from, to) == 0 else {
            throw StoreError(.inputOutput, "cannot rename '\(from)' to '\(to)': \(systemError(errno))")
        }
    }

    /// Writes a small file whole or not at all.
    static func write(_ bytes: [UInt8], to path: String, privately: Bool = false) throws(StoreError) {
        let attributes: [FileAttributeKey: Any] = privately ? [.posixPermissions: 0o600] : [:]
        let partial = path + ".part"
        guard FileManager.default.createFile(atPath: partial, contents: Data(bytes), attributes: attributes) else {
            let code: StoreError.Code = errno == ENOSPC ? .inputOutput : .cannotCreate
            throw StoreError(code, "cannot write '\(path)': \(systemError(errno))")
        }
        try move(partial, to: path)
    }

    /// Forces a file's or directory's data to the disk, so that a rename after it survives a power cut.
    static func synchronize(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(.inputOutput, "cannot open '\(path)': \(systemError(errno))") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StoreError(.inputOutput, "cannot write '\(path)' to the disk: \(systemError(errno))")
        }
    }

    /// Sum of the sizes of all regular files below a directory, in bytes.
    static func totalSize(below directory: String) -> Int64 {
        guard let walker = FileManager.default.enumerator(atPath: directory) else { return 0 }
        var total: Int64 = 0
        for case let name as String in walker {
            total += size(of: directory + "/" + name) ?? 0
        }
        return total
    }

    static func isDirectory(_ path: String) -> Bool {
        var directory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &directory) && directory.boolValue
    }

    static func isLink(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeSymbolicLink
    }

    static func systemError(_ number: Int32) -> String {
        NSError(domain: NSPOSIXErrorDomain, code: Int(number)).localizedDescription
    }

    /// Foundation's error as one line; a full disk is told from other causes.
    static func fault(_ action: String, _ error: any Error, otherwise code: StoreError.Code) -> StoreError {
        let cocoa = error as NSError
        let cause = (cocoa.userInfo[NSUnderlyingErrorKey] as? NSError) ?? cocoa
        let isFull = cocoa.code == CocoaError.fileWriteOutOfSpace.rawValue || cause.code == Int(ENOSPC)
        guard !isFull else {
            return StoreError(.inputOutput, action + ": no space left on the disk; free some and retry")
        }
        return StoreError(code, action + ": " + cause.localizedDescription)
    }
}

extension Disk {
    /// Copies a regular file; the target must not exist.
    static func copy(_ from: String, to: String) throws(StoreError) {
        do {
            try FileManager.default.copyItem(atPath: from, toPath: to)
        } catch {
            throw fault("cannot copy '\(from)' to '\(to)'", error, otherwise: .inputOutput)
        }
    }
}
