package import Conversation
package import VoiceConfiguration

/// What answers in dialogues as a configuration has it, and the connections behind it.
package struct ConfiguredChat: Sendable {
    /// What answers.
    package let model: any ChatModel
    private let transport: HTTPChatTransport?

    /// Nothing is connected before the first question. What is made has to be used within ``closing(isolation:_:)``.
    ///
    /// - Parameter llm: what is wanted.
    /// - Throws: ``ConfigurationError`` naming the setting that cannot be.
    package init(_ llm: Configuration.LLM) throws(ConfigurationError) {
        _ = try llm.check()
        guard llm.asksEndpoint else {
            (model, transport) = (EchoChat(), nil)
            return
        }
        do throws(ChatError) {
            let endpoint = try ChatEndpoint(llm)
            let transport = HTTPChatTransport(for: endpoint)
            model = OpenAIChat(endpoint: endpoint, transport: transport)
            self.transport = transport
        } catch {
            throw ConfigurationError(.invalid, error.message)
        }
    }

    /// Closes the connections when the body has ended. Questions asked later fail.
    package func closing<R>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> R
    ) async throws -> R {
        do {
            let result = try await body()
            await transport?.shutdown()
            return result
        } catch {
            await transport?.shutdown()
            throw error
        }
    }
}

extension ChatEndpoint {
    fileprivate init(_ llm: Configuration.LLM) throws(ChatError) {
        let key = try llm.apiKey.map { key throws(ChatError) in try ChatKey(key) }
        try self.init(baseURL: llm.baseURL ?? "", model: llm.model ?? "", key: key)
        sampling.temperature = llm.temperature
        sampling.maximumTokens = llm.maximumTokens
        retries.attempts = llm.attempts
        connectTimeout = .seconds(llm.connectSeconds)
        readTimeout = .seconds(llm.readSeconds)
    }
}
