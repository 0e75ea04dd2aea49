import Foundation

/// What the file of a vendor's library tells without being loaded.
struct LibraryFile: Sendable {
    /// As a user of the machine writes it.
    let path: String
    /// Its own text, such as `2.3.2 (429f97ae6b@2025-04-09T09:09:27)`; nil when it is not found.
    let version: String?
    /// Why it cannot be loaded; nil when nothing is seen that speaks against it.
    let problem: String?

    var release: ReleaseNumber? { version.flatMap { ReleaseNumber($0) } }

    /// `e_machine` of the machines that a user may mix up (ELF specification).
    private static let machines: [Int: String] = [3: "x86", 40: "32-bit arm", 62: "x86-64", 183: "aarch64"]
    private static let piece = 1 << 20
    /// Vendors' libraries have 6 to 30 MB.
    private static let limit = 64 << 20

    /// Every different file of `paths` that is there.
    static func found(_ paths: [String], marks: [String], on machine: Machine) -> [LibraryFile] {
        var seen: Set<String> = []
        return paths.compactMap { path in
            guard machine.exists(path) else { return nil }
            let place = URL(fileURLWithPath: machine.root + path).resolvingSymlinksInPath().path
            guard seen.insert(place).inserted else { return nil }
            return LibraryFile(path, at: place, marks, machine)
        }
    }

    private init(_ path: String, at place: String, _ marks: [String], _ machine: Machine) {
        self.path = path
        let attributes = try? FileManager.default.attributesOfItem(atPath: place)
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            machine.access(path, writing: false) == .granted,
            let file = FileHandle(forReadingAtPath: place)
        else {
            version = nil
            problem = "it is no file that this user may read"
            return
        }
        defer { try? file.close() }
        let head = Array((try? file.read(upToCount: 64)) ?? Data())
        problem = Self.problem(head, size: (attributes?[.size] as? NSNumber)?.intValue ?? 0, machine.architecture)
        version = Self.text(after: marks.map { Data($0.utf8) }, in: file)
    }

    private static func problem(_ head: [UInt8], size: Int, _ wanted: Machine.Architecture) -> String? {
        guard head.count == 64, head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            return size == 0 ? "it is empty" : "it is no shared library (no ELF file)"
        }
        let number = Int(head[18]) | Int(head[19]) << 8
        let name = machines[number] ?? "machine \(number)"
        guard name == wanted.rawValue || wanted == .other else {
            return "it is for \(name), this machine is \(wanted.rawValue)"
        }
        // The section table is the last thing in a file.
        let table = head[40..<48].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let entries = (UInt64(head[58]) | UInt64(head[59]) << 8) * (UInt64(head[60]) | UInt64(head[61]) << 8)
        let (end, overflow) = table.addingReportingOverflow(entries)
        guard !overflow, end <= UInt64(size) else { return "it is cut off: \(size) of \(end) bytes are there" }
        return nil
    }

    /// The first text behind one of the marks that begins with a digit.
    private static func text(after marks: [Data], in file: FileHandle) -> String? {
        let overlap = 256
        for offset in stride(from: 0, to: limit, by: piece) {
            guard (try? file.seek(toOffset: UInt64(offset))) != nil,
                let data = try? file.read(upToCount: piece + overlap), !data.isEmpty
            else { return nil }
            for mark in marks {
                var start = data.startIndex
                while let found = data.range(of: mark, in: start..<data.endIndex) {
                    let text = data[found.upperBound...].prefix(128).prefix { $0 >= 0x20 && $0 < 0x7F }
                    if text.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true {
                        return String(decoding: text, as: UTF8.self)
                    }
                    start = found.upperBound
                }
            }
        }
        return nil
    }
}
