import Testing

import VoiceConfiguration

@Suite struct SkeletonTests {
    @Test func builds() {}
}
