extension Host {
    /// Temperature, and whether clocks are lowered because of it.
    var thermalFindings: [Finding] { [temperatureFinding, throttlingFinding] }

    private static let zones = "/sys/class/thermal"
    /// Degrees Celsius from which a zone that names no trip point counts as hot.
    private static let hot = 85.0
    private static let cooling = "cool it better; to see it: watch -n 1 cat /sys/class/thermal/thermal_zone*/temp"

    /// A zone's temperature and its first passive trip point (sysfs-api of the thermal subsystem), in °C.
    private struct Zone {
        var name: String
        var degrees: Double
        var trip: Double?
        var margin: Double { (trip ?? Host.hot) - degrees }
    }

    private var temperatureFinding: Finding {
        let zones = machine.names(Self.zones).filter { $0.hasPrefix("thermal_zone") }.compactMap(zone)
        guard let worst = zones.min(by: { $0.margin < $1.margin }) else {
            return Finding(.temperature, .ok, "unknown: the system shows no temperature")
        }
        let trip = worst.trip.map { ", clocks are lowered from \(Int($0)) °C" } ?? ""
        let text = "\(worst.name) has \(Int(worst.degrees.rounded())) °C\(trip)"
        return worst.margin <= 0
            ? Finding(.temperature, .warn, text, fix: Self.cooling) : Finding(.temperature, .ok, text)
    }

    private func zone(_ name: String) -> Zone? {
        let path = "\(Self.zones)/\(name)"
        // Sensors that are switched off say absurd things.
        guard let value = machine.number(path + "/temp"), (-40_000...200_000).contains(value) else { return nil }
        let trips = (0..<12).compactMap { index -> Double? in
            guard machine.text("\(path)/trip_point_\(index)_type") == "passive" else { return nil }
            return machine.number("\(path)/trip_point_\(index)_temp").map { Double($0) / 1000 }
        }
        // The first passive trip point of the vendor's trees only starts the control; the last is its target.
        return Zone(name: machine.text(path + "/type") ?? name, degrees: Double(value) / 1000, trip: trips.max())
    }

    private var throttlingFinding: Finding {
        let devices = machine.names(Self.zones).filter { $0.hasPrefix("cooling_device") }
        let active = devices.compactMap { name -> String? in
            let path = "\(Self.zones)/\(name)"
            guard let type = machine.text(path + "/type"), let state = machine.number(path + "/cur_state"), state > 0,
                ["cpufreq", "devfreq", "npu", "dmc"].contains(where: { type.lowercased().contains($0) })
            else { return nil }
            let top = machine.number(path + "/max_state").map { " of \($0)" } ?? ""
            return "\(type) by \(state)\(top) steps"
        }
        guard active.isEmpty else {
            return Finding(.throttling, .warn, "lowered now: \(active.joined(separator: ", "))", fix: Self.cooling)
        }
        return Finding(
            .throttling,
            .ok,
            devices.isEmpty ? "unknown: the system shows no cooling" : "no clock is lowered"
        )
    }
}
