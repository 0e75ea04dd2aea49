/// Who holds which core and who waits: the rules alone, without tasks, clocks or locks.
///
/// Waiting is first come, first served within a priority, live before background. A waiter that cannot be served yet
/// reserves the cores it needs, so that nobody overtakes a waiter it would starve. The first background waiter goes
/// before live ones once `patience` live runs have taken cores it could have used, so that background work is slowed by
/// live work but never stopped, and a live run waits for at most one background run in `patience` live ones.
///
/// A run cannot be interrupted. So that a live run does not find every core in the middle of a long run of a file, one core
/// is kept clear of background runs while there has been live work lately, on devices with more than one.
package struct CoreLedger: Sendable {
    /// Names one request from when it is made until its cores are back.
    package typealias ID = UInt64

    /// Cores for a request.
    package struct Grant: Sendable, Hashable {
        package var id: ID
        package var cores: CoreMask

        package init(id: ID, cores: CoreMask) {
            self.id = id
            self.cores = cores
        }
    }

    /// What a change brought about: who got cores, and who waits in vain because what it needs hangs.
    package struct Outcome: Sendable, Hashable {
        package var granted: [Grant] = []
        package var stranded: [ID] = []
    }

    private struct Waiter: Sendable {
        var id: ID
        var request: CoreRequest
    }

    /// Cores of the device.
    package let cores: CoreMask
    /// Live grants after which the first background waiter goes first.
    package let patience: Int
    /// Cores that nobody holds.
    package private(set) var free: CoreMask
    /// Cores whose run did not come back.
    package private(set) var detained: CoreMask = []
    private var held: [ID: CoreMask] = [:]
    private var live: [Waiter] = []
    private var background: [Waiter] = []
    private var overtaken = 0
    /// Cores that background runs hold.
    private var backgroundHeld: CoreMask = []
    /// Background grants until live work counts as long ago.
    private var recentLive = 0
    private static let liveMemory = 16
    /// Grants of exact cores so far, by core: a run that takes any core keeps clear of those that others are tied to.
    private var exactGrants: [Int]

    /// - Parameters:
    ///   - cores: how many cores the device has.
    ///   - patience: live grants after which the first background waiter goes first.
    package init(cores: Int, patience: Int = 8) {
        self.cores = CoreMask(first: cores)
        self.patience = max(1, patience)
        free = self.cores
        exactGrants = [Int](repeating: 0, count: cores)
    }

    /// How many wait, live and background.
    package var waiting: (live: Int, background: Int) { (live.count, background.count) }

    /// What a request holds; nil when it holds nothing.
    package func holding(_ id: ID) -> CoreMask? { held[id] }

    /// Whether a request could be served if everybody who holds cores that do not hang gave them back.
    package func isServable(_ request: CoreRequest) -> Bool {
        let sound = cores.subtracting(detained)
        switch request {
        case .any: return !sound.isEmpty
        case .exactly(let mask): return !mask.isEmpty && mask.isSubset(of: sound)
        }
    }

    /// Gives cores at once when nobody waits and they are free; otherwise nothing changes.
    package mutating func take(_ id: ID, _ request: CoreRequest, _ priority: RunPriority = .live) -> CoreMask? {
        guard live.isEmpty, background.isEmpty, priority == .live || admitsBackground,
            let mask = choice(request, among: free)
        else { return nil }
        give(mask, to: id, request, priority)
        return mask
    }

    /// Makes a request: it is granted now or waits its turn. One that is not servable must not be made.
    package mutating func request(_ id: ID, _ request: CoreRequest, _ priority: RunPriority) -> Outcome {
        let waiter = Waiter(id: id, request: request)
        if priority == .live { live.append(waiter) } else { background.append(waiter) }
        if priority == .live { recentLive = Self.liveMemory }
        return Outcome(granted: serve())
    }

    /// Takes cores back, also those of a run that had been given up. Once per request; more often does nothing.
    package mutating func release(_ id: ID) -> Outcome {
        guard let mask = held.removeValue(forKey: id) else { return Outcome() }
        free.formUnion(mask)
        detained.subtract(mask)
        backgroundHeld.subtract(mask)
        return Outcome(granted: serve())
    }

    /// The run did not come back: its cores serve nobody until `release`. Who needs them is told at once.
    package mutating func detain(_ id: ID) -> Outcome {
        guard let mask = held[id] else { return Outcome() }
        detained.formUnion(mask)
        let stranded = (live + background).filter { !isServable($0.request) }.map(\.id)
        remove(Set(stranded))
        return Outcome(granted: serve(), stranded: stranded)
    }

    /// A waiter gives up. What it had reserved serves those behind it; nothing happens to one that does not wait.
    package mutating func cancel(_ id: ID) -> Outcome {
        remove([id])
        return Outcome(granted: serve())
    }

    private mutating func remove(_ ids: Set<ID>) {
        let first = background.first?.id
        live.removeAll { ids.contains($0.id) }
        background.removeAll { ids.contains($0.id) }
        if background.first?.id != first { overtaken = 0 }
    }
}

extension CoreLedger {
    /// Serves everybody who can be served now.
    private mutating func serve() -> [Grant] {
        var grants: [Grant] = []
        while let grant = serveNext() { grants.append(grant) }
        return grants
    }

    /// Serves the first in order who can be; whoever cannot keeps what it needs from those behind.
    private mutating func serveNext() -> Grant? {
        var open = free
        let hasPriority = overtaken >= patience
        if hasPriority, let first = background.first, let mask = serve(first, from: &open) {
            return grant(mask, toBackground: 0)
        }
        for index in live.indices {
            guard !open.isEmpty else { return nil }
            if let mask = serve(live[index], from: &open) { return grant(mask, toLive: index) }
        }
        guard admitsBackground else { return nil }
        for index in background.indices.dropFirst(hasPriority ? 1 : 0) {
            guard !open.isEmpty else { return nil }
            if let mask = serve(background[index], from: &open) { return grant(mask, toBackground: index) }
        }
        return nil
    }

    /// The cores for a waiter; when they are not all there, those that are stay reserved for it.
    private func serve(_ waiter: Waiter, from open: inout CoreMask) -> CoreMask? {
        if let mask = choice(waiter.request, among: open) { return mask }
        if case .exactly(let mask) = waiter.request { open.subtract(mask) }
        return nil
    }

    private mutating func grant(_ mask: CoreMask, toLive index: Int) -> Grant {
        let waiter = live.remove(at: index)
        if let first = background.first, Self.wants(first.request, mask) { overtaken += 1 }
        give(mask, to: waiter.id, waiter.request, .live)
        return Grant(id: waiter.id, cores: mask)
    }

    private mutating func grant(_ mask: CoreMask, toBackground index: Int) -> Grant {
        let waiter = background.remove(at: index)
        if index == 0 { overtaken = 0 }
        give(mask, to: waiter.id, waiter.request, .background)
        return Grant(id: waiter.id, cores: mask)
    }

    /// Whether a background run may have a core: not the last one that others of its kind have left.
    private var admitsBackground: Bool {
        guard recentLive > 0 else { return true }
        let sound = cores.subtracting(detained).count
        return backgroundHeld.subtracting(detained).count < max(1, sound - 1)
    }

    private mutating func give(_ mask: CoreMask, to id: ID, _ request: CoreRequest, _ priority: RunPriority) {
        held[id] = mask
        free.subtract(mask)
        if priority == .live {
            recentLive = Self.liveMemory
        } else {
            recentLive = max(0, recentLive - 1)
            backgroundHeld.formUnion(mask)
        }
        if case .exactly = request { for core in mask.cores { exactGrants[core] += 1 } }
    }

    /// Cores for a request out of those that are open; nil when it cannot be served with them.
    private func choice(_ request: CoreRequest, among open: CoreMask) -> CoreMask? {
        switch request {
        case .exactly(let mask): return mask.isSubset(of: open) ? mask : nil
        case .any:
            guard open.count > 1 else { return open.isEmpty ? nil : open }
            let wanted = exactlyWanted
            // Ties go to the lowest core, so that one context tends to stay where it was.
            let best = open.cores.min { left, right in
                (wanted.holds(left) ? 1 : 0, exactGrants[left], left)
                    < (wanted.holds(right) ? 1 : 0, exactGrants[right], right)
            }
            return best.map { CoreMask(cores: [$0]) }
        }
    }

    /// Cores that somebody who waits is tied to.
    private var exactlyWanted: CoreMask {
        var mask: CoreMask = []
        for waiter in live { if case .exactly(let cores) = waiter.request { mask.formUnion(cores) } }
        for waiter in background { if case .exactly(let cores) = waiter.request { mask.formUnion(cores) } }
        return mask
    }

    private static func wants(_ request: CoreRequest, _ mask: CoreMask) -> Bool {
        switch request {
        case .any: true
        case .exactly(let wanted): !wanted.isDisjoint(with: mask)
        }
    }
}

extension CoreMask {
    /// Whether a core is among them.
    func holds(_ core: Int) -> Bool { rawValue & 1 << UInt32(core) != 0 }
}
