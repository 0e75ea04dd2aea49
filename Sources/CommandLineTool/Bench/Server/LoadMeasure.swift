/// Something that is done to a server again and again.
struct LoadMeasure: Sendable {
    typealias Work = @Sendable (_ run: Int) async throws -> LoadOutcome

    /// As the progress calls it; transcripts are counted under it.
    let name: String
    /// Its share of the time beside one client, relative to the others.
    let share: Double
    /// Done this often even when its share of the time is over.
    var fewest = 3
    /// Whether one run is thrown away first: models allocate at their first run.
    var warmsUp = true
    let served: Work
    /// The same without a server; nil where the models are elsewhere.
    let direct: Work?
}
