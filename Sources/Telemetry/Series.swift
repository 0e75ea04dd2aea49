import Metrics
import Synchronization

/// A number that several threads add to without a lock.
private struct AtomicDouble: ~Copyable, Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, current) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = current
        }
    }
}

/// A number that only grows.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let total = AtomicDouble()
    /// Also counts each sample, where this series stands for many that were one too many.
    private let overflow: CounterSeries?

    init(overflow: CounterSeries? = nil) { self.overflow = overflow }

    var value: Double { total.value }

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    /// Amounts that would make it shrink, or no number at all, are left out.
    func increment(by amount: Double) {
        guard amount >= 0, amount.isFinite else { return }
        total.add(amount)
        overflow?.increment(by: 1.0)
    }

    func reset() { total.store(0) }
}

/// A number that goes up and down.
final class GaugeSeries: MeterHandler, RecorderHandler {
    private let level = AtomicDouble()
    private let overflow: CounterSeries?

    init(overflow: CounterSeries? = nil) { self.overflow = overflow }

    var value: Double { level.value }

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) {
        level.store(value)
        overflow?.increment(by: 1.0)
    }

    func increment(by amount: Double) {
        guard amount.isFinite else { return }
        level.add(amount)
        overflow?.increment(by: 1.0)
    }

    func decrement(by amount: Double) { increment(by: -amount) }

    func record(_ value: Int64) { set(value) }

    func record(_ value: Double) { set(value) }
}

/// Values counted by size.
final class HistogramSeries: RecorderHandler, TimerHandler {
    /// One state of a histogram.
    struct Snapshot: Sendable {
        /// Values in each bucket, not cumulated; the last is for what exceeds every bound.
        var counts: [UInt64]
        var sum = 0.0
    }

    let bounds: [Double]
    private let state: Mutex<Snapshot>
    private let overflow: CounterSeries?

    init(bounds: [Double], overflow: CounterSeries? = nil) {
        self.bounds = bounds
        self.overflow = overflow
        state = Mutex(Snapshot(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    var snapshot: Snapshot { state.withLock { $0 } }

    /// Values that are no numbers, or infinite, are left out: they would spoil the sum for good.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
        overflow?.increment(by: 1.0)
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// Times are shown in seconds, Prometheus' base unit.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
