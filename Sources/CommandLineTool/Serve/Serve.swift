import ArgumentParser
import Foundation
import Logging
import Metrics
import RKVoice
import ServiceLifecycle
import Speech
import Telemetry
import VoiceConfiguration
import VoiceServer

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve speech over HTTP and WebSocket.",
        discussion: """
            Opens the port at once and loads the models beside it; GET /readyz says when they are there. SIGTERM and \
            Ctrl-C let running work finish, SIGHUP reads the configuration again. `rkvoice config` shows every setting.

            Examples:
              rkvoice serve
              rkvoice serve --port 9000 --no-tts
              rkvoice serve --host 0.0.0.0 --api-key-file keys.txt --tls-cert cert.pem --tls-key key.pem
              curl -s localhost:8621/tts -d '{"text":"Hello."}' -o hello.wav
              curl -s localhost:8621/asr -F file=@hello.wav
            """
    )

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {}
}
