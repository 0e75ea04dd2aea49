package import Inference

/// What an ELF header tells before the system's loader is let at the file, whose words only an expert understands.
package enum SharedObject {
    /// `e_machine` (ELF specification) of the machines that a user may mix up.
    private static let machines: [UInt16: String] = [
        3: "x86", 8: "MIPS", 20: "PowerPC", 21: "PowerPC 64", 40: "32-bit arm", 62: "x86-64", 183: "aarch64",
        243: "RISC-V", 258: "LoongArch",
    ]

    /// `e_machine` of this program; 0 for machines that are not told apart.
    #if arch(x86_64)
        package static let host: UInt16 = 62
    #elseif arch(arm64)
        package static let host: UInt16 = 183
    #else
        package static let host: UInt16 = 0
    #endif

    /// The machine with an `e_machine`, in words.
    package static func name(of machine: UInt16) -> String { machines[machine] ?? "machine \(machine)" }

    /// Checks that a file is a whole library for a machine.
    /// - Parameters:
    ///   - path: the file.
    ///   - wanted: `e_machine` of what is to load it.
    /// - Throws: `runtimeUnavailable` saying what it is instead.
    package static func check(_ path: String, for wanted: UInt16 = host) throws(InferenceError) {
        let file: BoundedFile
        do { file = try BoundedFile(path) } catch { throw refused(path, error.message) }
        let head = try file.bytes(at: 0, count: 64)
        guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46]), head.count == 64 else {
            throw refused(path, file.size == 0 ? "it is empty" : "it is not a shared library (no ELF file)")
        }
        let machine = head.littleEndian(at: 18, as: UInt16.self)
        guard machine == wanted else {
            throw refused(path, "it is for \(name(of: machine)), this machine is \(machines[wanted] ?? "another")")
        }
        // The section table is the last thing in a file; mapping one that is cut off would end the process.
        let (end, overflow) = head.littleEndian(at: 40, as: UInt64.self).addingReportingOverflow(
            UInt64(head.littleEndian(at: 58, as: UInt16.self)) * UInt64(head.littleEndian(at: 60, as: UInt16.self))
        )
        guard !overflow, end <= UInt64(file.size) else {
            throw refused(path, "it is cut off: \(file.size) of \(end) bytes are there")
        }
    }

    private static func refused(_ path: String, _ reason: String) -> InferenceError {
        InferenceError(.runtimeUnavailable, "cannot load \(path): \(reason)")
    }

    /// The text that follows `mark` in a file, up to a byte that is no plain text.
    /// - Parameters:
    ///   - mark: what stands before it.
    ///   - path: the file.
    ///   - limit: bytes of the file that are looked at.
    /// - Returns: the first such text that begins with a digit; nil when there is none.
    package static func text(after mark: String, in path: String, limit: Int = 64 << 20) -> String? {
        guard let file = try? BoundedFile(path) else { return nil }
        let mark = Array(mark.utf8)
        let piece = 1 << 20
        // Pieces overlap, so that nothing is missed between two.
        for offset in stride(from: 0, to: min(file.size, limit), by: piece) {
            guard let bytes = try? file.bytes(at: offset, count: piece + 256) else { return nil }
            var start = 0
            while let found = end(of: mark, in: bytes, from: start) {
                let text = bytes[found...].prefix(128).prefix { $0 >= 0x20 && $0 < 0x7F }
                if text.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true { return String(decoding: text, as: UTF8.self) }
                start = found
            }
        }
        return nil
    }

    /// Where the next place that reads like `mark` ends. A library has megabytes, and the standard library's search takes
    /// seconds for them.
    private static func end(of mark: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = mark.first, bytes.count >= start + mark.count else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            for index in start...bytes.count - mark.count where bytes[index] == first {
                if mark.indices.allSatisfy({ bytes[index + $0] == mark[$0] }) { return index + mark.count }
            }
            return nil
        }
    }
}
