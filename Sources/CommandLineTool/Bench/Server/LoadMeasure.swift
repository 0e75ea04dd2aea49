/// Something that is done to a server again and again.
struct LoadMeasure: Sendable {
    typealias Work = @Sendable (_ run: Int) async throws -> LoadOutcome

    /// As the progress calls it; transcripts are counted under it.
    let name: String
    /// Its share of the time, relative to the others.
    let share: Share
    /// Done this often beside one client, even when its share of the time is over.
    var fewest = 3
    /// Whether one run is thrown away first: models allocate at their first run.
    var warmsUp = true
    let served: Work
    /// The same without a server; nil where the models are elsewhere.
    let direct: Work?

    /// Shares of the time. One clip at the pace of real time takes as long beside many clients as beside one, and gives
    /// as many values as there are clients; requests wait for each other.
    struct Share: Sendable {
        /// Beside one client; the models themselves take turns there.
        var alone: Double
        /// Beside several.
        var crowded: Double

        func at(_ level: Int) -> Double { level == 1 ? alone : crowded }
    }
}
