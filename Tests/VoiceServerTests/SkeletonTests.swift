import Testing

import VoiceServer

@Suite struct SkeletonTests {
    @Test func builds() {}
}
