import StrataTestSupport
import Testing

@testable import Strata

@Suite struct SpatialDropout3DTests {
    @Test(arguments: [DataFormat.channelsLast, .channelsFirst])
    func `whole volumes are dropped, and the others scaled`(format: DataFormat) throws {
        try SeedStream.$own.withValue(SeedStream(seed: 4)) {
            let layer = SpatialDropout3D(0.5, dataFormat: format)
            let shape: [Int] = format == .channelsLast ? [3, 2, 2, 2, 8] : [3, 8, 2, 2, 2]
            let x = SymbolicTensor.constant(Tensor(repeating: 1, shape: shape))
            let y = layer.trace([x], CallContext(isTraining: true))[0]
            let sums = y.sum(axes: format == .channelsLast ? [1, 2, 3] : [2, 3, 4])
            let volumes = try evaluate([sums])[0]
            // Eight elements of 1 / (1 − ½), or none.
            #expect(Set(volumes.scalars) == [0, 16])
            let same = layer.trace([x], CallContext(isTraining: false))[0]
            #expect(try evaluate([same])[0].scalars.allSatisfy { $0 == 1 })
        }
    }
}
