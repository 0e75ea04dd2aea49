import Inference
import Telemetry

extension ServerMetrics {
    static let acceleratorDefinitions = [npuQueue, npuRun, npuBusy]

    static let npuQueue = MetricDefinition(
        .histogram,
        "rkvoice_npu_queue_seconds",
        "Time that a run waited for cores of the NPU.",
        labels: ["priority"]
    )
    static let npuRun = MetricDefinition(
        .histogram,
        "rkvoice_npu_run_seconds",
        "Time that a run held its cores of the NPU.",
        labels: ["graph"]
    )
    static let npuBusy = MetricDefinition(
        .counter,
        "rkvoice_npu_core_busy_seconds_total",
        "Time that a core of the NPU was held; its rate is the occupancy of the core.",
        labels: ["core"]
    )

    /// Counts every lease of an NPU from now on.
    func observe(_ npu: NPU) {
        npu.onLease { lease in
            record(lease.queued / .seconds(1), Self.npuQueue, [lease.priority.rawValue])
            record(lease.ran / .seconds(1), Self.npuRun, [lease.label])
            for core in lease.cores.cores { count(Self.npuBusy, [String(core)], by: lease.ran / .seconds(1)) }
        }
    }
}
