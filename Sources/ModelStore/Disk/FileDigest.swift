import Crypto
import Foundation

/// SHA-256 of files, read in pieces.
package enum FileDigest {
    /// Lower-case hex SHA-256 of a file, on a thread of its own; cancelling the task stops it.
    ///
    /// - Parameter path: the file.
    /// - Returns: 64 hex digits.
    /// - Throws: ``StoreError/Code/notFound`` without the file, ``StoreError/Code/cancelled``,
    ///   ``StoreError/Code/inputOutput`` when reading fails.
    package static func sha256(ofFile path: String) async throws(StoreError) -> String {
        try await blocking { cancellation throws(StoreError) in
            try sha256(ofFile: path, cancellation: cancellation)
        }
    }

    /// Lower-case hex SHA-256 of a file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - cancellation: looked at after each piece.
    ///   - onRead: called with the bytes read so far, for progress.
    /// - Returns: 64 hex digits.
    /// - Throws: ``StoreError/Code/notFound`` without the file, ``StoreError/Code/cancelled``,
    ///   ``StoreError/Code/inputOutput`` when reading fails.
    static func sha256(
        ofFile path: String,
        cancellation: Cancellation,
        onRead: (Int64) -> Void = { _ in }
    ) throws(StoreError) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw StoreError(.notFound, "cannot read '\(path)'")
        }
        defer { try? file.close() }
        var hash = SHA256()
        var total: Int64 = 0
        // 1 MiB: large enough that the system call does not show, small enough to stay in the cache.
        while let piece = try read(file, 1 << 20, path) {
            hash.update(data: piece)
            total += Int64(piece.count)
            onRead(total)
            try cancellation.check()
        }
        return hex(hash.finalize())
    }

    /// Lower-case hex SHA-256 of bytes in memory.
    static func sha256(of bytes: [UInt8]) -> String {
        hex(SHA256.hash(data: bytes))
    }

    private static func read(_ file: FileHandle, _ count: Int, _ path: String) throws(StoreError) -> Data? {
        do {
            let piece = try file.read(upToCount: count)
            return piece?.isEmpty == false ? piece : nil
        } catch {
            throw Disk.fault("cannot read '\(path)'", error, otherwise: .inputOutput)
        }
    }

    private static func hex(_ digest: SHA256Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
