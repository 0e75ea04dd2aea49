import Foundation
import Glibc

/// What the process takes of the machine, read from `/proc/self`.
///
/// Names as in Prometheus' client libraries. Reading takes well under a millisecond: the kernel makes these files up.
package struct ProcessStatistics: Sendable, Hashable {
    /// Bytes of memory in use (RSS).
    package var residentBytes: Double
    /// Bytes of address space.
    package var virtualBytes: Double
    /// Seconds of processor time, in user mode and in the kernel.
    package var processorSeconds: Double
    /// Threads there are.
    package var threads: Double
    /// Start, in seconds since 1970.
    package var startSeconds: Double
    /// File descriptors in use.
    package var openDescriptors: Double
    /// File descriptors that there may be; infinite without a limit.
    package var descriptorLimit: Double

    /// Reads the numbers of this process; nil where there is no `/proc`.
    package static func current() -> ProcessStatistics? {
        guard let line = contents("/proc/self/stat"), let descriptors = openDescriptors() else { return nil }
        return ProcessStatistics(
            stat: line,
            system: System.current,
            openDescriptors: descriptors,
            descriptorLimit: descriptorLimit()
        )
    }

    /// What the numbers of `/proc` are counted in.
    package struct System: Sendable {
        /// Clock ticks in a second.
        package var ticks: Double
        /// Bytes in a page of memory: 4,096 on most, 16,384 or 65,536 on some arm64 kernels.
        package var pageBytes: Double
        /// When the machine started, in seconds since 1970.
        package var bootSeconds: Double

        /// - Parameters:
        ///   - ticks: clock ticks in a second.
        ///   - pageBytes: bytes in a page of memory.
        ///   - bootSeconds: start of the machine, in seconds since 1970.
        package init(ticks: Double, pageBytes: Double, bootSeconds: Double) {
            self.ticks = ticks
            self.pageBytes = pageBytes
            self.bootSeconds = bootSeconds
        }

        static let current = System(
            ticks: Double(sysconf(Int32(_SC_CLK_TCK))),
            pageBytes: Double(sysconf(Int32(_SC_PAGESIZE))),
            bootSeconds: bootTime(contents("/proc/stat") ?? "")
        )

        private static func bootTime(_ text: String) -> Double {
            let line = text.split(separator: "\n").first { $0.hasPrefix("btime ") }
            return line.flatMap { Double($0.dropFirst(6)) } ?? 0
        }
    }

    /// - Parameters:
    ///   - line: the contents of `/proc/<pid>/stat` (proc(5)).
    ///   - system: what its numbers are counted in.
    ///   - openDescriptors: file descriptors in use.
    ///   - descriptorLimit: file descriptors that there may be.
    package init?(stat line: String, system: System, openDescriptors: Double, descriptorLimit: Double) {
        // The second field is the name of the program in parentheses, and may hold spaces and parentheses itself.
        guard let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(whereSeparator: \.isWhitespace).map { Double($0) }
        // Counted from the third field of proc(5): utime 14, stime 15, num_threads 20, starttime 22, vsize 23, rss 24.
        guard fields.count > 21, let user = fields[11], let kernel = fields[12], let threads = fields[17],
            let start = fields[19], let virtual = fields[20], let pages = fields[21]
        else { return nil }
        processorSeconds = (user + kernel) / system.ticks
        self.threads = threads
        startSeconds = system.bootSeconds + start / system.ticks
        virtualBytes = virtual
        residentBytes = pages * system.pageBytes
        self.openDescriptors = openDescriptors
        self.descriptorLimit = descriptorLimit
    }

    /// Definitions of what ``write(to:)`` shows.
    package static let definitions: [MetricDefinition] = [
        .init(.counter, "process_cpu_seconds_total", "Processor time used, in user mode and in the kernel."),
        .init(.gauge, "process_max_fds", "File descriptors that the process may open."),
        .init(.gauge, "process_open_fds", "File descriptors that are open."),
        .init(.gauge, "process_resident_memory_bytes", "Memory in use (RSS)."),
        .init(.gauge, "process_start_time_seconds", "Start of the process, in seconds since 1970."),
        .init(.gauge, "process_threads", "Threads of the process."),
        .init(.gauge, "process_virtual_memory_bytes", "Address space in use."),
    ]

    func write(to exposition: inout Exposition) {
        let values = [
            processorSeconds, descriptorLimit, openDescriptors, residentBytes, startSeconds, threads, virtualBytes,
        ]
        for (definition, value) in zip(Self.definitions, values) { exposition.write(definition, value) }
    }

    fileprivate static func contents(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return (try? file.readToEnd()).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func openDescriptors() -> Double? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        // One of them is the directory itself, while it is read.
        return names.map { Double($0.count - 1) }
    }

    private static func descriptorLimit() -> Double {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return limit.rlim_cur == rlim_t.max ? .infinity : Double(limit.rlim_cur)
    }
}
