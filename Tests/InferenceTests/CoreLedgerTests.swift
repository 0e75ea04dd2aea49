import Inference
import Testing

@Suite struct CoreLedgerTests {
    private func exactly(_ cores: Int...) -> CoreRequest { .exactly(CoreMask(cores: cores)) }

    @Test func runsTakeDifferentCores() {
        var ledger = CoreLedger(cores: 3)
        let masks = (1...3).compactMap { ledger.take($0, .any) }
        #expect(masks.map(\.rawValue).reduce(0, |) == 7)
        #expect(ledger.take(4, .any) == nil)
        #expect(ledger.request(4, .any, .live).granted.isEmpty)
        #expect(ledger.release(2).granted == [.init(id: 4, cores: masks[1])])
    }

    @Test func nobodyOvertakesAWaiterThatItWouldStarve() {
        var ledger = CoreLedger(cores: 2)
        _ = ledger.request(1, exactly(0), .live)
        #expect(ledger.request(2, exactly(0, 1), .live).granted.isEmpty)
        // Core 1 is free, but the waiter before it needs it.
        #expect(ledger.request(3, exactly(1), .live).granted.isEmpty)
        #expect(ledger.request(4, .any, .live).granted.isEmpty)
        #expect(ledger.release(1).granted.map(\.id) == [2])
        #expect(ledger.release(2).granted.map(\.id) == [3, 4])
    }

    @Test func aWaiterWhoNeedsOtherCoresDoesOvertake() {
        var ledger = CoreLedger(cores: 3)
        _ = ledger.request(1, exactly(0), .live)
        _ = ledger.request(2, exactly(0, 1), .live)
        #expect(ledger.request(3, .any, .live).granted == [.init(id: 3, cores: .core2)])
    }

    @Test func anyKeepsClearOfCoresThatOthersAreTiedTo() {
        var ledger = CoreLedger(cores: 2)
        _ = ledger.request(1, exactly(0), .live)
        _ = ledger.release(1)
        #expect(ledger.take(2, .any) == .core1)
    }

    @Test func liveGoesBeforeBackground() {
        var ledger = CoreLedger(cores: 1)
        _ = ledger.request(1, .any, .background)
        _ = ledger.request(2, .any, .background)
        _ = ledger.request(3, .any, .live)
        #expect(ledger.release(1).granted.map(\.id) == [3])
        #expect(ledger.release(3).granted.map(\.id) == [2])
    }

    @Test(arguments: [1, 4, 8]) func backgroundWorkIsSlowedButNotStopped(patience: Int) throws {
        var ledger = CoreLedger(cores: 1, patience: patience)
        _ = ledger.request(0, .any, .live)
        for id in 1000..<1005 { _ = ledger.request(UInt64(id), .any, .background) }
        var holder: UInt64 = 0
        var served: [UInt64] = []
        for id in 1..<200 {
            // There is always a live request waiting.
            _ = ledger.request(UInt64(id), .any, .live)
            let granted = ledger.release(holder).granted
            try #require(granted.count == 1)
            holder = granted[0].id
            served.append(holder)
        }
        let places = served.indices.filter { served[$0] >= 1000 }
        try #require(places.count == 5)
        #expect(served[places[0]] == 1000 && served[places[4]] == 1004)
        // A live run waits for one background run in `patience` live ones, no more.
        #expect(places.first == patience)
        for (before, after) in zip(places, places.dropFirst()) { #expect(after - before == patience + 1) }
    }

    @Test func oneCoreIsKeptClearOfFilesWhileSomebodyIsListening() {
        var ledger = CoreLedger(cores: 3)
        _ = ledger.take(1, .any)
        _ = ledger.release(1)
        #expect((10..<13).map { ledger.request($0, .any, .background).granted.count } == [1, 1, 0])
        #expect(ledger.take(13, .any, .background) == nil)
        // Whoever is live has it at once, although a file waits; or else it would be taken in turn.
        #expect(ledger.request(2, .any, .live).granted.count == 1)
        _ = ledger.release(2)
        // Files alone have all cores again after a while.
        var running: [UInt64] = [10, 11]
        for id in 100..<140 {
            running += ledger.request(UInt64(id), .any, .background).granted.map(\.id)
            running += ledger.release(running.removeFirst()).granted.map(\.id)
        }
        #expect(running.count == 3 && ledger.free.isEmpty)
    }

    @Test func aDeviceOfOneCoreServesFilesAllTheSame() {
        var ledger = CoreLedger(cores: 1)
        _ = ledger.take(1, .any)
        _ = ledger.release(1)
        #expect(ledger.take(2, .any, .background) == .core0)
    }

    @Test func whoGivesUpFreesWhatItHadReserved() {
        var ledger = CoreLedger(cores: 2)
        _ = ledger.request(1, exactly(0), .live)
        _ = ledger.request(2, exactly(0, 1), .live)
        _ = ledger.request(3, exactly(1), .live)
        #expect(ledger.cancel(2).granted == [.init(id: 3, cores: .core1)])
        #expect(ledger.cancel(2).granted.isEmpty)
        #expect(ledger.holding(3) == .core1)
    }

    @Test func coresOfARunThatHangsServeNobodyUntilItIsBack() {
        var ledger = CoreLedger(cores: 2)
        _ = ledger.request(1, exactly(0), .live)
        _ = ledger.request(2, exactly(0), .live)
        _ = ledger.request(3, exactly(0, 1), .background)
        let outcome = ledger.detain(1)
        #expect(outcome.stranded == [2, 3])
        #expect(!ledger.isServable(exactly(0)) && ledger.isServable(.any))
        #expect(ledger.take(4, .any) == .core1)
        #expect(ledger.detain(4).stranded.isEmpty)
        #expect(!ledger.isServable(.any))
        _ = ledger.release(1)
        #expect(ledger.take(5, exactly(0)) == .core0)
        #expect(ledger.detained == .core1)
    }

    @Test func givingBackTwiceDoesNothing() {
        var ledger = CoreLedger(cores: 1)
        _ = ledger.request(1, .any, .live)
        _ = ledger.request(2, .any, .live)
        #expect(ledger.release(1).granted.map(\.id) == [2])
        #expect(ledger.release(1).granted.isEmpty)
        #expect(ledger.take(3, .any) == nil)
    }

    /// Random sequences: no core is held twice, detained cores are never granted, and when everybody who runs finishes,
    /// everybody who waits is served.
    @Test(arguments: 0..<200) func holdsForAnySequence(seed: UInt64) {
        var random = SplitMix(state: seed)
        var world = LedgerWorld(cores: Int(random.next() % 4) + 1, patience: Int(random.next() % 6) + 1)
        for _ in 0..<400 { world.step(&random) }
        world.finishAll(&random)
        #expect(world.faults.isEmpty, "seed \(seed): \(world.faults.first ?? "")")
    }
}

/// A ledger, and what must be true of it whatever is done with it.
private struct LedgerWorld {
    var ledger: CoreLedger
    let cores: Int
    var held: [UInt64: CoreMask] = [:]
    var detained: Set<UInt64> = []
    var waiting: [UInt64: CoreRequest] = [:]
    var nextID: UInt64 = 0
    var faults: [String] = []

    init(cores: Int, patience: Int) {
        ledger = CoreLedger(cores: cores, patience: patience)
        self.cores = cores
    }

    mutating func step(_ random: inout SplitMix) {
        switch random.next() % 10 {
        case 0..<5: ask(&random)
        case 5..<8: if let id = random.pick(held.keys) { giveBack(id) }
        case 8: if let id = random.pick(waiting.keys) { giveUp(id) }
        default: if let id = random.pick(held.keys) { hang(id) }
        }
        let reserved = ledger.waiting.live + ledger.waiting.background
        if reserved != waiting.count { faults.append("\(waiting.count) wait, the ledger says \(reserved)") }
    }

    /// Everybody who runs or hangs comes back, until nobody is left.
    mutating func finishAll(_ random: inout SplitMix) {
        while let id = random.pick(held.keys) { giveBack(id) }
        if !waiting.isEmpty { faults.append("\(waiting.count) were never served") }
        if ledger.free != ledger.cores { faults.append("cores are lost") }
    }

    private mutating func ask(_ random: inout SplitMix) {
        let mask = CoreMask(rawValue: UInt32(random.next() % (1 << UInt64(cores) - 1)) + 1)
        let request = random.next() % 3 == 0 ? CoreRequest.exactly(mask) : .any
        guard ledger.isServable(request) else { return }
        nextID += 1
        if random.next() % 2 == 0, let mask = ledger.take(nextID, request) {
            if !waiting.isEmpty { faults.append("a newcomer overtook those who wait") }
            waiting[nextID] = request
            return note([.init(id: nextID, cores: mask)])
        }
        waiting[nextID] = request
        note(ledger.request(nextID, request, random.next() % 2 == 0 ? .live : .background))
    }

    private mutating func giveBack(_ id: UInt64) {
        held[id] = nil
        detained.remove(id)
        note(ledger.release(id))
    }

    private mutating func giveUp(_ id: UInt64) {
        waiting[id] = nil
        note(ledger.cancel(id))
    }

    private mutating func hang(_ id: UInt64) {
        detained.insert(id)
        note(ledger.detain(id))
    }

    private mutating func note(_ outcome: CoreLedger.Outcome) {
        for id in outcome.stranded where waiting.removeValue(forKey: id) == nil { faults.append("\(id) did not wait") }
        note(outcome.granted)
    }

    private mutating func note(_ grants: [CoreLedger.Grant]) {
        for grant in grants {
            switch waiting.removeValue(forKey: grant.id) {
            case .any: if grant.cores.count != 1 { faults.append("\(grant.cores) for any core") }
            case .exactly(let mask): if grant.cores != mask { faults.append("\(grant.cores) for \(mask)") }
            case nil: faults.append("\(grant.id) had not asked")
            }
            if held.values.contains(where: { !$0.isDisjoint(with: grant.cores) }) {
                faults.append("a core is held twice")
            }
            held[grant.id] = grant.cores
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// One of them; the order of a dictionary is no matter of the seed.
    mutating func pick(_ ids: some Collection<UInt64>) -> UInt64? {
        ids.isEmpty ? nil : ids.sorted()[Int(next() % UInt64(ids.count))]
    }
}
