import Testing

@testable import Strata

@Suite struct PreprocessingTests {
    // One pixel, by hand: 255 / 127.5 − 1 = 1; 0 − 103.939; (1 − 0.485) / 0.229.
    @Test(arguments: [
        (Applications.Preprocessing.signed, [1, -0.2, -1] as [Float]),
        (.zeroCentered, [-103.939, -14.779, 131.32]),
        (.standardized, [2.248_908, -0.250_000, -1.804_444]),
    ])
    func `a pixel is brought into the range of an architecture`(
        preprocessing: Applications.Preprocessing, expected: [Float]
    ) throws {
        let pixel = Tensor([255, 102, 0], shape: [1, 1, 1, 3])
        let got = try Applications.preprocessed(pixel, preprocessing)
        #expect(got.shape == [1, 1, 1, 3])
        // Numbers up to 255 are rounded twice, to 1.5e-5 at most, and the expected ones to six decimals.
        for (got, expected) in zip(got.scalars, expected) { #expect(abs(got - expected) < 3.1e-5) }
    }

    @Test func `grey pictures are refused`() {
        #expect(throws: GraphError.self) {
            try Applications.preprocessed(Tensor([1, 2], shape: [2, 1]), .signed)
        }
    }
}
