import Testing

import Transport

@Suite struct SkeletonTests {
    @Test func builds() {}
}
