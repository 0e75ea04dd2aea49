import HTTPTypes
import Hummingbird

/// One file of the page, as it is served.
struct PageFile: Sendable {
    private let buffer: ByteBuffer
    private let headers: HTTPFields
    /// Names the content, in quotation marks (RFC 9110, 8.8.3).
    private let tag: String

    /// - Parameters:
    ///   - type: its media type.
    ///   - bytes: the content.
    init(_ type: String, _ bytes: [UInt8]) {
        buffer = ByteBuffer(bytes: bytes)
        tag = Self.tag(of: bytes)
        var headers: HTTPFields = [
            .contentType: type,
            // Kept by the browser, and asked for anew every time: another release is seen at once.
            .cacheControl: "no-cache",
            .eTag: tag,
            .contentSecurityPolicy: Self.policy,
        ]
        if let name = HTTPField.Name("Permissions-Policy") { headers[name] = "microphone=(self)" }
        self.headers = headers
    }

    /// What a browser lets the page do: load its own files, talk to its own server, and nothing else. No script or style
    /// stands in the HTML, so a text that gets into it runs nothing.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    /// The file, or 304 for a browser that has it (RFC 9110, 13.1.2).
    func answer(to request: Request) -> Response {
        guard isKnown(to: request) else {
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: buffer))
        }
        var response = Response(status: .notModified, headers: headers)
        // A length here would be the file's, not this answer's.
        response.headers[.contentLength] = nil
        return response
    }

    /// Whether the browser named the content as one that it has. Weak comparison: `W/` does not count.
    private func isKnown(to request: Request) -> Bool {
        request.headers[values: .ifNoneMatch].contains { list in
            list.split(separator: ",").contains { item in
                // Ours has no spaces, so those around it can go.
                let text = item.filter { $0 != " " && $0 != "\t" }
                return text == "*" || text == tag || text == "W/" + tag
            }
        }
    }

    /// Changes with the content: FNV-1a, 64 bits (Fowler, Noll, Vo). It tells releases apart; it guards nothing.
    private static func tag(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "\"" + String(hash, radix: 16) + "\""
    }
}

extension PageFile {
    private static let script = "text/javascript; charset=utf-8"

    /// What stands at `/`.
    static let page = PageFile("text/html; charset=utf-8", PackageResources.page_html)

    /// What it loads from `/page/`, by name. Built into the executable.
    static let parts = [
        "page.css": PageFile("text/css; charset=utf-8", PackageResources.page_css),
        "icon.svg": PageFile("image/svg+xml", PackageResources.icon_svg),
        "page.js": PageFile(script, PackageResources.page_js),
        "page-parts.js": PageFile(script, PackageResources.page_parts_js),
        "wire.js": PageFile(script, PackageResources.wire_js),
        "listen.js": PageFile(script, PackageResources.listen_js),
        "microphone.js": PageFile(script, PackageResources.microphone_js),
        "recorder.js": PageFile(script, PackageResources.recorder_js),
        "speak.js": PageFile(script, PackageResources.speak_js),
        "player.js": PageFile(script, PackageResources.player_js),
        "waveform.js": PageFile(script, PackageResources.waveform_js),
        "talk.js": PageFile(script, PackageResources.talk_js),
        "conversation.js": PageFile(script, PackageResources.conversation_js),
        "status.js": PageFile(script, PackageResources.status_js),
    ]
}
