import Foundation
import RKVoice

do {
    let transcriber = try await Transcriber.load()
    for file in CommandLine.arguments.dropFirst() {
        let transcript = try await transcriber.transcript(ofFile: file)
        print(transcript.text)
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
