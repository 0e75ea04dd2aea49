import Testing

import Telemetry

@Suite struct SkeletonTests {
    @Test func builds() {}
}
