import HTTPTypes
import Hummingbird

/// One file of the page, as it is served.
struct PageFile: Sendable {
    /// Where it is served, such as `/page/page.css`.
    let path: String
    private let buffer: ByteBuffer
    private let headers: HTTPFields
    /// Names the content, in quotation marks (RFC 9110, 8.8.3).
    private let tag: String

    /// - Parameters:
    ///   - path: where it is served.
    ///   - type: its media type.
    ///   - bytes: the content.
    init(_ path: String, _ type: String, _ bytes: [UInt8]) {
        self.path = path
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

    /// All files of the page, built into the executable.
    static let all = [
        PageFile("/", "text/html; charset=utf-8", PackageResources.page_html),
        PageFile("/page/page.css", "text/css; charset=utf-8", PackageResources.page_css),
        PageFile("/page/icon.svg", "image/svg+xml", PackageResources.icon_svg),
        PageFile("/page/page.js", script, PackageResources.page_js),
        PageFile("/page/page-parts.js", script, PackageResources.page_parts_js),
        PageFile("/page/wire.js", script, PackageResources.wire_js),
        PageFile("/page/listen.js", script, PackageResources.listen_js),
        PageFile("/page/microphone.js", script, PackageResources.microphone_js),
        PageFile("/page/recorder.js", script, PackageResources.recorder_js),
        PageFile("/page/speak.js", script, PackageResources.speak_js),
        PageFile("/page/player.js", script, PackageResources.player_js),
        PageFile("/page/waveform.js", script, PackageResources.waveform_js),
        PageFile("/page/talk.js", script, PackageResources.talk_js),
        PageFile("/page/conversation.js", script, PackageResources.conversation_js),
        PageFile("/page/status.js", script, PackageResources.status_js),
    ]
}
