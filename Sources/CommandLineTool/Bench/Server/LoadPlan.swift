import Speech

/// What can be measured of a server, with what it has.
struct LoadPlan {
    let server: ServerProfile
    let served: ServedRuns
    /// Nil where the server is another process.
    let direct: DirectRuns?
    /// What it is given as files, and what is said to it; both or neither.
    let (files, clips): ([SpokenClip], [SpokenClip])

    /// In this order, the quick ones first.
    var measures: [LoadMeasure] {
        // A server that listens in a language repeats only what its voice can say.
        let talked = clips.filter { server.speaks($0.language) }
        return (server.speaks("en") ? speaking : []) + (clips.isEmpty ? [] : hearing)
            + (talked.isEmpty ? [] : [talking(talked)])
    }

    private var speaking: [LoadMeasure] {
        let (served, short, long) = (served, LoadTexts.short, LoadTexts.long)
        let speech = LoadMeasure(
            name: "POST /tts",
            share: .long,
            served: { try await served.speech(long, seed: $0) },
            direct: inProcess { try await $0.speech(long, seed: $1) }
        )
        return [
            firstSound("POST /tts/stream, short", .firstSoundShort, short, share: .short),
            firstSound("POST /tts/stream, 6 s", .firstSoundLong, long, share: .long),
            firstSoundOnSocket("WS /v2v/stream, short text", .firstSoundShortSocket, short, share: .short),
            firstSoundOnSocket("WS /v2v/stream, text of 6 s", .firstSoundLongSocket, long, share: .long),
            speech,
        ]
    }

    private func firstSound(_ name: String, _ figure: LoadFigure, _ text: String, share: LoadMeasure.Share)
        -> LoadMeasure
    {
        let served = served
        return LoadMeasure(
            name: name,
            share: share,
            served: { try await served.firstSound(figure, text, seed: $0) },
            direct: inProcess { try await $0.firstSound(figure, text, seed: $1, latency: .balanced) }
        )
    }

    private func firstSoundOnSocket(
        _ name: String,
        _ figure: LoadFigure,
        _ text: String,
        share: LoadMeasure.Share
    ) -> LoadMeasure {
        let served = served
        return LoadMeasure(
            name: name,
            share: share,
            served: { try await served.firstSoundOnSocket(figure, text, seed: $0) },
            // Dialogues ask for the first sound as soon as it can be had.
            direct: inProcess { try await $0.firstSound(figure, text, seed: $1, latency: .low) }
        )
    }

    private var hearing: [LoadMeasure] {
        let (served, files, clips) = (served, files, clips)
        let file = LoadMeasure(
            name: "POST /asr",
            share: .file,
            served: { try await served.recognition(files[$0 % files.count]) },
            direct: inProcess { try await $0.recognition(files[$1 % files.count]) }
        )
        let stream = LoadMeasure(
            name: "WS /asr/stream",
            share: .stream,
            fewest: min(clips.count, 4),
            warmsUp: false,
            served: { try await served.stream(clips[$0 % clips.count]) },
            direct: inProcess { try await $0.stream(clips[$1 % clips.count]) }
        )
        return [file, stream]
    }

    private func talking(_ clips: [SpokenClip]) -> LoadMeasure {
        let served = served
        return LoadMeasure(
            name: "WS /v2v/stream",
            share: .talk,
            fewest: min(clips.count, 4),
            warmsUp: false,
            served: { try await served.talk(clips[$0 % clips.count]) },
            direct: inProcess { try await $0.talk(clips[$1 % clips.count]) }
        )
    }

    /// - Parameter work: with the models of this process.
    /// - Returns: nil where there are none.
    private func inProcess(
        _ work: @escaping @Sendable (DirectRuns, Int) async throws -> LoadOutcome
    ) -> LoadMeasure.Work? {
        guard let direct else { return nil }
        return { try await work(direct, $0) }
    }
}

/// Seconds of 150 on two x86-64 cores, so that each figure has four values at least.
extension LoadMeasure.Share {
    fileprivate static let short = Self(alone: 5, crowded: 2.5)
    fileprivate static let long = Self(alone: 8, crowded: 3.5)
    fileprivate static let file = Self(alone: 11, crowded: 4.5)
    fileprivate static let stream = Self(alone: 24, crowded: 6)
    fileprivate static let talk = Self(alone: 30, crowded: 7)
}
