/// When a connection of `/v2v/stream` is over: its listening after the last text, its speaking after the reply that is
/// the last. Pure.
package struct V2VLife: Sendable, Hashable {
    let hears: Bool
    let speaks: Bool
    let isMultiUtterance: Bool
    /// Whether the server answers what it hears.
    let answers: Bool
    /// Whether the last text was given.
    private(set) var isHearingOver = false
    private(set) var isSpeakingOver = false

    /// - Parameters:
    ///   - hears: whether it listens.
    ///   - speaks: whether it speaks.
    ///   - isMultiUtterance: whether it listens on after an utterance.
    ///   - answers: whether the server answers what it hears.
    package init(hears: Bool, speaks: Bool, isMultiUtterance: Bool, answers: Bool) {
        self.hears = hears
        self.speaks = speaks
        self.isMultiUtterance = isMultiUtterance
        self.answers = answers
    }

    /// Whether nothing more is to be said.
    package var isOver: Bool { (!hears || isHearingOver) && (!speaks || isSpeakingOver) }

    /// Whether the text that is told now is the last one.
    /// - Parameter isClosing: whether the client's end of listening brought it about.
    /// - Returns: whether nothing more is heard after it.
    package func endsHearing(isClosing: Bool) -> Bool { !isMultiUtterance || isClosing }

    /// The last text was told.
    /// - Parameters:
    ///   - isEmpty: whether nobody had said anything.
    ///   - isReplying: whether a reply is under way.
    package mutating func hearingEnds(isEmpty: Bool, isReplying: Bool) {
        isHearingOver = true
        // To nothing there is no answer.
        if isEmpty, !isReplying, isMultiUtterance || answers { isSpeakingOver = true }
    }

    /// A reply is over.
    /// - Parameter isWhole: whether it was neither interrupted nor failed.
    package mutating func replyEnds(isWhole: Bool) {
        switch (hears, isMultiUtterance) {
        // Text only: the client says how much of it there is, or closes.
        case (false, true): break
        case (false, false): isSpeakingOver = isWhole
        // The reply to the last text is the last; one that the client interrupts it may replace.
        case (true, true): isSpeakingOver = isHearingOver && (isWhole || answers)
        case (true, false): isSpeakingOver = isWhole || answers && isHearingOver
        }
    }
}
