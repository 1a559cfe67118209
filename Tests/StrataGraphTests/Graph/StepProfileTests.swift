import StrataGraph
import Testing

@Suite struct StepProfileTests {
    private static func profile(_ communication: StepProfile.Communication?) -> StepProfile {
        StepProfile(parts: [], runs: 3, seconds: 0.01, communication: communication)
    }

    @Test func `sums over ranks have a line of their own`() {
        let communication = StepProfile.Communication(secondsInFlight: 0.004, secondsWaited: 0.001)
        #expect(communication.shareHidden == 0.75)
        let line = Self.profile(communication).description.split(separator: "\n").last
        #expect(
            line == "sums over ranks: 4.000 ms in flight, 1.000 ms waited, 75.0 % hidden")
    }

    @Test func `without sums there is no such line`() {
        #expect(!Self.profile(nil).description.contains("ranks"))
    }

    @Test func `nothing in flight is nothing hidden`() {
        #expect(
            StepProfile.Communication(secondsInFlight: 0, secondsWaited: 0).shareHidden == 0)
    }
}
