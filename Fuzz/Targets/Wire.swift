import Transport

/// JSON of a client: what is read is written and read again.
@Sendable func fuzzJSON(_ input: [UInt8]) {
    do throws(JSONError) {
        let value = try JSONReader.read(input)
        let bytes = value.bytes
        // Empty where it holds a number that JSON has no words for.
        guard !bytes.isEmpty else { return }
        let again = try JSONReader.read(bytes)
        promise(again.kind == value.kind, "\(value.kind) stays \(value.kind)")
    } catch {
        promiseOneLine(error.message)
    }
}

/// A form: the boundary is the first line; it is the same in one piece and byte by byte.
@Sendable func fuzzMultipart(_ input: [UInt8]) {
    let line = input.prefix { $0 != 10 }
    let type = HeaderValue("multipart/form-data; boundary=\"\(String(decoding: line, as: UTF8.self))\"")
    guard let boundary = try? MultipartBoundary(type) else { return }
    let body = input.dropFirst(line.count + 1)
    let whole = form(boundary, [Array(body)])
    let bytewise = form(boundary, body.map { [$0] })
    promise(whole == bytewise, "cut anywhere it is the same form")
}

private func form(_ boundary: MultipartBoundary, _ pieces: [[UInt8]]) -> [FormPart]? {
    var reader = MultipartReader(boundary)
    do throws(HTTPFailure) {
        for piece in pieces { try reader.append(piece) }
        return try reader.finish()
    } catch {
        promiseOneLine(error.message)
        return nil
    }
}

/// A header's value with parameters.
@Sendable func fuzzHeader(_ input: [UInt8]) {
    let value = HeaderValue(String(decoding: input, as: UTF8.self))
    promise(value.name == value.name.lowercased(), "the name is in lower case")
}

/// Server-sent events: the same in one piece and byte by byte, none longer than the limit.
@Sendable func fuzzEvents(_ input: [UInt8]) {
    let whole = events([input])
    let bytewise = events(input.map { [$0] })
    promise(whole == bytewise, "cut anywhere they are the same events")
    // Each byte that is no UTF-8 becomes three.
    promise((whole ?? []).allSatisfy { $0.data.utf8.count <= 3 * 1_000 }, "no event is longer than the limit")
    for event in whole ?? [] { _ = try? JSONReader.read(Array(event.data.utf8)) }
}

private func events(_ pieces: [[UInt8]]) -> [ServerSentEvents.Event]? {
    var reader = ServerSentEvents(limit: 1_000)
    var events: [ServerSentEvents.Event] = []
    do throws(ServerSentEvents.TooLong) {
        for piece in pieces { events += try reader.append(piece) }
    } catch {
        return nil
    }
    return events + (reader.finish().map { [$0] } ?? [])
}
