/// Outcome of checking one file against its manifest.
package struct FileCheck: Sendable, Equatable, Encodable {
    /// What was found.
    package enum State: String, Sendable, Encodable {
        case intact, missing, wrongSize, wrongHash
    }

    /// Path inside the entry's directory.
    package var path: String
    package var state: State
    package var expectedBytes: Int64
    /// nil when the file is missing.
    package var actualBytes: Int64?
    package var expectedSHA256: String
    /// nil when the file is missing or has the wrong size (it is not read then).
    package var actualSHA256: String?
}

/// Outcome of checking one installed entry.
package struct VerifyReport: Sendable, Equatable, Encodable {
    package var id: String
    package var files: [FileCheck]

    /// True when every file is as it was installed.
    package var isIntact: Bool { files.allSatisfy { $0.state == .intact } }
}

extension ModelStore {
    /// Reads every file of an installed entry and compares size and SHA-256 with its manifest.
    ///
    /// - Throws: ``StoreError/Code/unknownModel``, ``StoreError/Code/notFound`` when it is not installed,
    ///   ``StoreError/Code/badData`` when the manifest itself is missing or unreadable.
    package func verify(
        _ id: String,
        progress: @escaping ProgressHandler = { _ in }
    ) async throws(StoreError) -> VerifyReport {
        let listing = try listing(of: id)
        guard listing.state != .available else {
            throw StoreError(.notFound, "'\(id)' is not installed; run: rkvoice models pull \(id)")
        }
        guard let manifest = Manifest.read(from: listing.directory) else {
            throw StoreError(.badData, "'\(id)' has no readable manifest; run: rkvoice models pull \(id)")
        }
        return try await blocking { (cancellation) throws(StoreError) in
            let meter = ProgressMeter(id: id, handler: progress)
            var checks: [FileCheck] = []
            for file in manifest.files {
                checks.append(try check(file, in: listing.directory, cancellation, meter))
            }
            return VerifyReport(id: id, files: checks)
        }
    }

    private func check(
        _ file: Manifest.File,
        in directory: String,
        _ cancellation: Cancellation,
        _ meter: ProgressMeter
    ) throws(StoreError) -> FileCheck {
        let path = directory + "/" + file.path
        var check = FileCheck(
            path: file.path,
            state: .missing,
            expectedBytes: file.bytes,
            expectedSHA256: file.sha256
        )
        check.actualBytes = Disk.size(of: path)
        guard let actual = check.actualBytes else { return check }
        guard actual == file.bytes else {
            check.state = .wrongSize
            return check
        }
        meter.begin(.verifying, file.path, total: file.bytes)
        let sha256 = try FileDigest.sha256(ofFile: path, cancellation: cancellation) { meter.update($0) }
        check.actualSHA256 = sha256
        check.state = sha256 == file.sha256 ? .intact : .wrongHash
        return check
    }
}
