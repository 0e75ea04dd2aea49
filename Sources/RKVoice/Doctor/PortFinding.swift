extension Host {
    /// Whether the server's port is free, by the kernel's own table of sockets (proc(5)).
    var portFinding: Finding {
        let port = question.port
        guard port > 0 else { return Finding(.port, .ok, "any free one is taken") }
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { machine.text($0, limit: 4 << 20) }
        guard !tables.isEmpty else { return Finding(.port, .ok, "unknown: /proc/net/tcp cannot be read") }
        let isTaken = tables.contains { table in table.split(separator: "\n").contains { isListening($0, port) } }
        guard isTaken else { return Finding(.port, .ok, "\(port) is free") }
        return Finding(
            .port,
            .warn,
            "\(port) is taken; if not by rkvoice serve itself, the server cannot start",
            fix: "choose another with --port, or look who has it: sudo ss -ltnp 'sport = :\(port)'"
        )
    }

    /// A line such as `0: 0100007F:21AD 00000000:0000 0A …`: address and port in hexadecimal digits, 0A for listening.
    private func isListening(_ line: Substring, _ port: Int) -> Bool {
        let words = line.split(separator: " ")
        guard words.count > 3, words[3] == "0A", let digits = words[1].split(separator: ":").last else { return false }
        return Int(digits, radix: 16) == port
    }
}
