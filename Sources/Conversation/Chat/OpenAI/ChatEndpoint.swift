import Foundation

/// Where an OpenAI-compatible chat model is, and how it is asked.
package struct ChatEndpoint: Sendable {
    /// Address up to `/v1`; `/chat/completions` is added to it.
    package let baseURL: String
    /// The model's name there.
    package let model: String
    /// Sent as `Authorization: Bearer`; nil sends none.
    package let key: ChatKey?
    /// How answers are made.
    package var sampling = ChatSampling()
    /// What is done when an attempt fails before the first word.
    package var retries = ChatRetries()
    /// Time for the connection.
    package var connectTimeout = Duration.seconds(5)
    /// Longest silence of the endpoint.
    package var readTimeout = Duration.seconds(60)
    /// Bytes of an answer on the wire; more are not read.
    package var maximumBytes = 16 << 20

    /// - Parameters:
    ///   - baseURL: `http://` or `https://`, up to `/v1`, without user, query and fragment.
    ///   - model: the model's name there.
    ///   - key: secret of the endpoint, if it wants one.
    /// - Throws: `badSettings` naming what is wrong; the key is never part of it.
    package init(baseURL: String, model: String, key: ChatKey?) throws(ChatError) {
        self.baseURL = try Self.normalized(baseURL)
        guard model.contains(where: { !$0.isWhitespace }) else {
            throw ChatError(.badSettings, "llm.model is empty: name the model that \(self.baseURL) offers")
        }
        self.model = model
        self.key = key
    }

    /// The address that questions are sent to.
    package var url: String { baseURL + "/chat/completions" }

    private static func normalized(_ text: String) throws(ChatError) -> String {
        let example = "such as http://127.0.0.1:8080/v1"
        guard let parts = URLComponents(string: text.trimmingCharacters(in: .whitespaces)), let host = parts.host,
            !host.isEmpty, let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https"
        else { throw ChatError(.badSettings, "llm.base_url is no http:// or https:// address, \(example)") }
        // What stands there would end up in logs.
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            let message = "llm.base_url may hold no user, password, query or fragment; a key goes into llm.api_key"
            throw ChatError(.badSettings, message)
        }
        var url = text.trimmingCharacters(in: .whitespaces)
        for ending in ["/", "/chat/completions", "/"] where url.hasSuffix(ending) { url.removeLast(ending.count) }
        return url
    }
}

/// A secret: it is sent, and shown nowhere.
package struct ChatKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    /// - Parameter value: printable ASCII without white space, as a header takes it; white space around it is dropped.
    /// - Throws: `badSettings`, without the key.
    package init(_ value: String) throws(ChatError) {
        let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty, trimmed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ChatError(.badSettings, "llm.api_key is empty, or has characters that no header can carry")
        }
        self.value = trimmed
    }

    package var description: String { "(hidden)" }
    package var debugDescription: String { "(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// How answers are made. What is nil is left to the endpoint.
package struct ChatSampling: Sendable, Hashable {
    /// 0 takes the likeliest token always; 0 … 2.
    package var temperature: Double?
    /// Tokens of an answer at most.
    package var maximumTokens: Int? = 512

    package init() {}
}

/// When a failed attempt is repeated. Only attempts without a word are: a listener never hears an answer twice.
package struct ChatRetries: Sendable, Hashable {
    /// Attempts in all, at least 1.
    package var attempts = 3
    /// Before the second attempt; doubles with each.
    package var delay = Duration.milliseconds(250)
    /// No wait is longer, whatever the endpoint asks for.
    package var longestDelay = Duration.seconds(4)

    package init() {}

    /// How long to wait before the next attempt.
    /// - Parameters:
    ///   - attempt: the one that failed, counted from 1.
    ///   - error: why.
    ///   - wish: what the endpoint asked for in `Retry-After`.
    /// - Returns: nil where there is no next attempt.
    package func wait(after attempt: Int, _ error: ChatError, wish: Duration?) -> Duration? {
        guard attempt < attempts, isWorthIt(error.code) else { return nil }
        let doubled = delay * (1 << min(attempt - 1, 16))
        return min(longestDelay, max(wish ?? .zero, doubled))
    }

    private func isWorthIt(_ code: ChatError.Code) -> Bool {
        switch code {
        case .unreachable, .overloaded, .failed, .cutShort: true
        case .badSettings, .unauthorized, .notFound, .refused, .garbage, .timedOut, .cancelled: false
        }
    }
}
