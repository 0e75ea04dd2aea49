import Testing

import Conversation

@Suite struct SkeletonTests {
    @Test func builds() {}
}
