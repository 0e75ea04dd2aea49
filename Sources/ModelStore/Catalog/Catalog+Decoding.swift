import Foundation

extension Catalog: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case schema, entries }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        guard try values.decode(Int.self, forKey: .schema) == 1 else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "'schema' must be 1"))
        }
        entries = try values.decode([Entry].self, forKey: .entries)
    }
}

extension Catalog.File: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case path, sha256, bytes }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        path = try values.decode(String.self, forKey: .path)
        sha256 = try values.decodeIfPresent(String.self, forKey: .sha256)
        bytes = try values.decodeIfPresent(Int64.self, forKey: .bytes)
    }
}

extension Catalog.Preparation: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case script, arguments }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        script = try values.decode(String.self, forKey: .script)
        arguments = try values.decode([String].self, forKey: .arguments)
    }
}

extension Catalog.Entry: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case id, kind, family, summary, languages, license, notice, downloadBytes, unpackedBytes, installedBytes
        case defaultFor, bundle, sources, prepare, files
    }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        kind = try values.decode(Catalog.Kind.self, forKey: .kind)
        family = try values.decode(String.self, forKey: .family)
        summary = try values.decode(String.self, forKey: .summary)
        languages = try values.decode([String].self, forKey: .languages)
        license = try values.decode(String.self, forKey: .license)
        notice = try values.decodeIfPresent(String.self, forKey: .notice)
        downloadBytes = try values.decode(Int64.self, forKey: .downloadBytes)
        unpackedBytes = try values.decodeIfPresent(Int64.self, forKey: .unpackedBytes) ?? 0
        installedBytes = try values.decode(Int64.self, forKey: .installedBytes)
        defaultFor = try values.decodeIfPresent(Catalog.Role.self, forKey: .defaultFor)
        bundle = try values.decodeIfPresent(JSONValue.self, forKey: .bundle)
        sources = try values.decode([Catalog.Source].self, forKey: .sources)
        prepare = try values.decodeIfPresent(Catalog.Preparation.self, forKey: .prepare)
        files = try values.decode([Catalog.File].self, forKey: .files)
    }
}

extension Catalog.Source: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case kind, architecture, wheels, downloads }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let architecture = try values.decodeIfPresent(String.self, forKey: .architecture)
        switch try values.decode(String.self, forKey: .kind) {
        case "wheel":
            self = .wheels(try values.decode([Catalog.Wheel].self, forKey: .wheels), architecture: architecture)
        case "url":
            self = .urls(try values.decode([Catalog.Download].self, forKey: .downloads), architecture: architecture)
        case let other:
            let fault = "source kind '\(other)' is unknown; known are 'wheel' and 'url'"
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }
}

extension Catalog.Wheel: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case requirement, tag, sha256, bytes, extract }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        requirement = try values.decode(String.self, forKey: .requirement)
        tag = try values.decodeIfPresent(Catalog.Tag.self, forKey: .tag)
        sha256 = try values.decode(String.self, forKey: .sha256)
        bytes = try values.decode(Int64.self, forKey: .bytes)
        extract = try values.decode([Catalog.Member].self, forKey: .extract)
    }
}

extension Catalog.Tag: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case python, implementation, abi, platform }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        python = try values.decode(String.self, forKey: .python)
        implementation = try values.decode(String.self, forKey: .implementation)
        abi = try values.decode(String.self, forKey: .abi)
        platform = try values.decode(String.self, forKey: .platform)
    }
}

extension Catalog.Member: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case from, to }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        from = try values.decode(String.self, forKey: .from)
        to = try values.decode(String.self, forKey: .to)
    }
}

extension Catalog.Download: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case url, sha256, bytes, to, extract }

    package init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(besides: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        url = try values.decode(String.self, forKey: .url)
        sha256 = try values.decode(String.self, forKey: .sha256)
        bytes = try values.decode(Int64.self, forKey: .bytes)
        to = try values.decodeIfPresent(String.self, forKey: .to)
        extract = try values.decodeIfPresent([Catalog.Member].self, forKey: .extract) ?? []
    }
}
