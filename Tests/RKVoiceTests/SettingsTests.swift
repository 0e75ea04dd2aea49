import Foundation
import RKVoice
import Testing

@Suite("Settings of the library")
struct SettingsTests {
    @Test("Variables become settings")
    func variables() {
        let settings = Settings.from([
            "HOME": "/srv/anna", "RKVOICE_THREADS": "3", "RKVOICE_ONNXRUNTIME": "/a.so", "RKVOICE_ESPEAK": "/b",
            "RKVOICE_MIRROR": "https://mirror/x", "RKVOICE_OFFLINE": "Yes", "RKVOICE_CATALOG": "/c.json",
            "RKVOICE_KEEP_DOWNLOADS": "1", "RKVOICE_LOCK_TIMEOUT": "2.5", "NO_COLOR": "0",
        ])
        #expect(settings.home == "/srv/anna/.local/share/rkvoice" && settings.threads == 3)
        #expect(settings.onnxRuntimePath == "/a.so" && settings.espeakPath == "/b")
        #expect(settings.mirror == "https://mirror/x" && settings.isOffline && settings.catalogPath == "/c.json")
        #expect(settings.keepDownloads && settings.lockTimeout == 2.5 && settings.noColor)
        #expect(settings.environment["RKVOICE_THREADS"] == "3")
    }

    @Test("Without variables there are defaults; what is empty is unset")
    func defaults() {
        let settings = Settings.from(["HOME": "/srv/anna", "RKVOICE_HOME": "", "RKVOICE_THREADS": "", "NO_COLOR": ""])
        #expect(settings.home == "/srv/anna/.local/share/rkvoice")
        #expect(settings.threads == min(4, ProcessInfo.processInfo.activeProcessorCount))
        #expect(!settings.isOffline && !settings.noColor && settings.mirror == nil && settings.lockTimeout == nil)
    }

    @Test("The home is absolute")
    func home() {
        #expect(Settings.from(["RKVOICE_HOME": "/srv/./a/../voice"]).home == "/srv/voice")
        #expect(Settings.from(["RKVOICE_HOME": "voice"]).home == FileManager.default.currentDirectoryPath + "/voice")
    }

    @Test("A value that is none has its default, or is an error where errors can be thrown")
    func mistakes() throws {
        let variables = ["RKVOICE_THREADS": "0", "RKVOICE_SERVER_PORT": "x"]
        #expect(Settings.from(variables).threads == min(4, ProcessInfo.processInfo.activeProcessorCount))
        let error = #expect(throws: (any Error).self) { try Settings.checked(variables) }
        #expect(
            error.map { "\($0)" }
                == "environment RKVOICE_THREADS: runtime.threads: \"0\" is not a whole number from 1 to 64"
        )
        // The port is no business of a program without a server.
        #expect(try Settings.checked(["RKVOICE_SERVER_PORT": "x", "RKVOICE_THREADS": "2"]).threads == 2)
    }
}
