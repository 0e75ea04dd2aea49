/// A trace as Chrome and Perfetto read it.
struct TraceDocument: Encodable {
    /// One entry of `traceEvents`: `X` is a slice, `M` names a process or a track.
    struct Entry: Encodable {
        var name: String
        var cat: String?
        var ph: String
        /// Microseconds since the trace began, and how long.
        var ts: Double?
        var dur: Double?
        /// Group of tracks and track.
        var pid: Int
        var tid: Int
        var args: [String: Value] = [:]
    }

    enum Value: Encodable {
        case text(String), number(Double), flag(Bool)

        func encode(to encoder: any Encoder) throws {
            var value = encoder.singleValueContainer()
            switch self {
            case .text(let text): try value.encode(text)
            case .number(let number): try value.encode(number)
            case .flag(let flag): try value.encode(flag)
            }
        }
    }

    var traceEvents: [Entry] = []
    var displayTimeUnit = "ms"
    var metadata: [String: Value]

    init(_ events: [Trace.Event], origin: ContinuousClock.Instant, isSimulated: Bool, dropped: Int) {
        metadata = [
            "producer": .text("rkvoice"), "simulated": .flag(isSimulated), "kept": .text("newest"),
            "dropped": .number(Double(dropped)),
        ]
        var tracks = Tracks()
        // Lanes are given in the order in which slices begin.
        for slice in events.flatMap({ Slice.slices(of: $0, origin: origin) }).sorted(by: { $0.start < $1.start }) {
            let (pid, tid) = tracks.place(slice, isSimulated: isSimulated)
            traceEvents.append(
                Entry(
                    name: slice.name,
                    cat: slice.category,
                    ph: "X",
                    ts: slice.start,
                    dur: slice.length,
                    pid: pid,
                    tid: tid,
                    args: slice.args
                )
            )
        }
        traceEvents = tracks.names + traceEvents
    }
}

/// One bar on one track. Times in microseconds since the trace began.
private struct Slice {
    var name: String
    var category: String
    /// The group of tracks, and the track in it; bars that overlap get lanes of their own where `hasLanes`.
    var group: String
    var track: String
    var hasLanes: Bool
    var start: Double
    var length: Double
    var args: [String: TraceDocument.Value] = [:]

    static func slices(of event: Trace.Event, origin: ContinuousClock.Instant) -> [Slice] {
        let start = (event.start - origin) / .microseconds(1)
        let length = event.ran / .microseconds(1)
        if case .lease(let device, let lease) = event.kind { return slices(of: lease, on: device, start, length) }
        return [
            Slice(
                name: event.label,
                category: "stage",
                group: "stages",
                track: event.label,
                hasLanes: true,
                start: start,
                length: length
            )
        ]
    }

    private static func slices(
        of lease: LeaseRecord,
        on device: String,
        _ start: Double,
        _ length: Double
    ) -> [Slice] {
        let waited = lease.queued / .microseconds(1)
        var slice = Slice(
            name: lease.label,
            category: "lease",
            group: device,
            track: "",
            hasLanes: false,
            start: start,
            length: length
        )
        slice.args = [
            "queued_ms": .number(waited / 1000), "priority": .text(lease.priority.rawValue),
            "cores": .text("\(lease.cores)"), "detained": .flag(lease.wasDetained),
        ]
        var slices = lease.cores.cores.map { core in
            slice.track = "core \(core)"
            return slice
        }
        // Less is the price of the call itself.
        guard waited >= 10 else { return slices }
        slice.category = "queue"
        slice.track = "queue"
        slice.hasLanes = true
        (slice.start, slice.length) = (start - waited, waited)
        slices.append(slice)
        return slices
    }
}

/// Numbers for groups and tracks, as they come up.
private struct Tracks {
    private var groups: [String: Int] = [:]
    private var tracks: [String: Int] = [:]
    /// When each lane of a track is free again.
    private var lanes: [String: [Double]] = [:]
    private(set) var names: [TraceDocument.Entry] = []

    mutating func place(_ slice: Slice, isSimulated: Bool) -> (pid: Int, tid: Int) {
        let pid = group(slice.group, isSimulated: isSimulated)
        guard slice.hasLanes else { return (pid, track(slice.track, in: slice.group, pid)) }
        let key = slice.group + "\u{0}" + slice.track
        var ends = lanes[key] ?? []
        let lane = ends.firstIndex { $0 <= slice.start } ?? ends.count
        if lane == ends.count { ends.append(0) }
        ends[lane] = slice.start + slice.length
        lanes[key] = ends
        return (pid, track(lane == 0 ? slice.track : "\(slice.track) #\(lane + 1)", in: slice.group, pid))
    }

    private mutating func group(_ name: String, isSimulated: Bool) -> Int {
        if let pid = groups[name] { return pid }
        let pid = groups.count + 1
        groups[name] = pid
        let shown = isSimulated && !name.contains("simulated") ? name + " (simulated)" : name
        names.append(.init(name: "process_name", ph: "M", pid: pid, tid: 0, args: ["name": .text(shown)]))
        return pid
    }

    private mutating func track(_ name: String, in group: String, _ pid: Int) -> Int {
        let key = group + "\u{0}" + name
        if let tid = tracks[key] { return tid }
        let tid = tracks.count + 1
        tracks[key] = tid
        names.append(.init(name: "thread_name", ph: "M", pid: pid, tid: tid, args: ["name": .text(name)]))
        return tid
    }
}
