import Inference
import Speech

/// Where utterances and their segments begin and end.
extension StreamingSession {
    /// First sample of the speech that is not decoded for good.
    var segmentStart: Int? { utterance.packed?.start ?? sound.endpointer.speechStart }

    /// Considers the window just judged.
    mutating func hear(_ span: SpeechSpan?, _ events: inout [TranscriptEvent]) {
        if let span {
            pack(span)
            if options.detectsEndpoints {
                return close(.endpoint, cut: span.end + samples(endpointing.preRoll), &events)
            }
        }
        guard let start = segmentStart else {
            // What seemed to be speech was too short to be any.
            if utterance.isEmpty { decode = nil }
            return
        }
        if !utterance.hasStarted, (quietSince ?? sound.judged) - start >= samples(endpointing.minimumSpeech) {
            utterance.hasStarted = true
            events.append(.speechStarted(at: seconds(start)))
        }
        if quietSince == nil { resume(sound.judged) }
        closeIfLong(start, &events)
    }

    /// First sample of the silence that lasts, if speech may be over.
    var quietSince: Int? {
        if sound.endpointer.speechStart != nil { return sound.endpointer.silenceStart }
        return utterance.packed?.end
    }

    /// Adds a finished stretch of speech to the segment.
    mutating func pack(_ span: SpeechSpan) {
        utterance.packed = SpeechSpan(start: utterance.packed?.start ?? span.start, end: span.end)
    }

    /// Speech goes on up to `end`: what was decoded on suspicion is a partial text after all.
    private mutating func resume(_ end: Int) {
        let speech = SpeechSpan(start: end, end: end)
        if let (speechEnd, _) = utterance.speculation, !covers(speechEnd, speech) { utterance.speculation = nil }
        guard let decode, decode.purpose == .speculative, !covers(decode.speechEnd, speech) else { return }
        if options.partials { self.decode?.purpose = .partial } else { self.decode = nil }
    }

    /// Ends a segment that is long at a pause, if there is one.
    private mutating func closeIfLong(_ start: Int, _ events: inout [TranscriptEvent]) {
        let policy = recognizer.policy
        let preRoll = samples(endpointing.preRoll)
        let length = sound.judged - start
        // Right after a cut, the silence that it was made in is still going on.
        if let quiet = quietSince, quiet > start {
            let pause = sound.judged - quiet
            let isOver = pause >= samples(policy.shortPause) && length > samples(policy.softLimit)
            let isIdle = sound.endpointer.speechStart == nil && pause >= samples(policy.longPause)
            guard isOver || isIdle else { return }
            close(.length, cut: quiet + min(preRoll, pause / 2), &events)
        } else if length > min(samples(policy.hardLimit), recognizer.model.longestUtterance - 2 * preRoll) {
            let cut = sound.quietest(in: SpeechSpan(start: start, end: sound.judged))
            close(.length, cut: cut, &events)
            closing?.isCut = true
        }
    }

    /// Ends the open segment: its final text is there already, on its way, or decoded now.
    mutating func close(_ reason: Closing.Reason, cut: Int, _ events: inout [TranscriptEvent]) {
        let end = min(cut, sound.end)
        let speech = segmentStart.map { start in
            SpeechSpan(start: start, end: max(start, min(end, utterance.packed?.end ?? quietSince ?? end)))
        }
        closing = Closing(reason: reason, speech: speech, cut: end)
        if reason == .endpoint, let speech { events.append(.endpoint(at: seconds(speech.end))) }
        guard let speech, speech.count > 0 else {
            decode = nil
            return closed(nil, .silent, &events)
        }
        if let (speechEnd, transcript) = utterance.speculation, covers(speechEnd, speech) {
            decode = nil
            closed(transcript, .speculative, &events)
        } else if let decode, decode.purpose == .speculative, covers(decode.speechEnd, speech) {
            // Its text is the final one.
        } else {
            start(.final, speech, until: min(end, speech.end + samples(endpointing.preRoll)))
        }
    }

    /// Whether a decode of speech up to `end` holds all of it; the last window is judged as a whole.
    private func covers(_ end: Int, _ speech: SpeechSpan) -> Bool { speech.end <= end + recognizer.detector.window }

    /// The final text of the segment that was closing is there; nil if nobody spoke.
    mutating func closed(
        _ transcript: Transcript?,
        _ mode: RecognitionMetrics.Mode,
        _ events: inout [TranscriptEvent]
    ) {
        guard let done = closing else { return }
        closing = nil
        decodedUpTo = done.cut
        if let transcript {
            utterance.language.accept(transcript.language, isFinal: true)
            utterance.text.close(with: transcript.text, isCut: done.isCut)
            utterance.segments += transcript.segments
            utterance.metrics.audioSeconds += seconds(done.speech?.count ?? 0)
        }
        utterance.speculation = nil
        utterance.packed = nil
        utterance.schedule = PartialSchedule()
        if done.reason == .length {
            sound.restart(at: done.cut)
            if options.partials, let partial = utterance.partial() { events.append(partial) }
            return
        }
        utterance.metrics.mode = transcript == nil && !utterance.segments.isEmpty ? .speculative : mode
        utterance.metrics.finalizeSeconds = (.now - done.begun) / .seconds(1)
        events.append(.final(utterance.final(options.language)))
        utterance = OpenUtterance(agreement: recognizer.agreement)
        if done.reason == .client {
            sound = HeardSound(recognizer.detector, endpointing, position: sound.end)
        }
    }

    private func seconds(_ samples: Int) -> Double { Double(samples) / Double(recognizer.sampleRate) }
}

/// When what is decoded before the end of a segment.
extension StreamingSession {
    /// Wants the decode that is due, if any.
    mutating func schedule() {
        guard closing == nil, let start = segmentStart else { return }
        let policy = recognizer.policy
        if let quiet = quietSince {
            let pause = sound.judged - quiet
            if pause >= samples(policy.speculation * endpointing.minimumSilence) { speculate(start, quiet) }
            return
        }
        guard options.partials, decode == nil else { return }
        let end = sound.end
        guard utterance.schedule.isDue(at: end, speechStart: start, sampleRate: recognizer.sampleRate, policy) else {
            return
        }
        utterance.schedule.started(at: end)
        self.start(.partial, SpeechSpan(start: start, end: end), until: end)
    }

    /// The client says that the speaker may be done.
    mutating func speculateNow() {
        guard closing == nil, let start = segmentStart else { return }
        speculate(start, quietSince ?? sound.end)
    }

    /// Decodes the open segment on suspicion that the speech ended at `end`.
    private mutating func speculate(_ start: Int, _ end: Int) {
        guard end - start >= samples(endpointing.minimumSpeech) else { return }
        if utterance.speculation?.speechEnd == end { return }
        if let decode, decode.purpose == .speculative, decode.speechEnd == end { return }
        utterance.schedule.started(at: end)
        self.start(
            .speculative,
            SpeechSpan(start: start, end: end),
            until: min(sound.end, end + samples(endpointing.preRoll))
        )
    }
}

/// Runs a decode off Swift's own threads, its stages counted.
func decoding<R: Sendable>(
    _ clock: StageClock,
    _ body: @escaping @Sendable () async throws(SpeechError) -> R
) async throws(SpeechError) -> R {
    let result: Result<R, SpeechError> = await MeteredGraph.$clock.withValue(clock) {
        await withTaskExecutorPreference(decodeThreads) {
            do throws(SpeechError) { return .success(try await body()) } catch { return .failure(error) }
        }
    }
    return try result.get()
}
