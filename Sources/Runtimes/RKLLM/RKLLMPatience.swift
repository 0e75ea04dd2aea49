/// When to give up.
package struct RKLLMPatience: Sendable, Hashable {
    /// Without a token for so long, the run hangs: its cores are set aside until it is back. A prompt counts as one token.
    package var token: Duration
    /// A generation whose tokens nobody has asked for in so long is ended, because it keeps the NPU from everybody else.
    package var consumer: Duration

    /// - Parameters:
    ///   - token: without a token for so long, the run hangs.
    ///   - consumer: a generation whose tokens nobody has asked for in so long is ended.
    package init(token: Duration = .seconds(30), consumer: Duration = .seconds(30)) {
        self.token = token
        self.consumer = consumer
    }
}
