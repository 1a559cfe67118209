import CKernels
import Testing

/// Histogram equalization, called directly.
@Suite struct HistogramEqualizationCallTests {
    private static func equalized(_ x: [Float], channels: Int, bins: Int) -> [Float] {
        let (source, result) = (Cells(x), Cells.unwritten(x.count))
        let counts = Cells([Int32](repeating: 7, count: bins))
        call(
            strata_run_histogram_equalization,
            strata_histogram_equalization(
                count: Int64(x.count / channels), channels: Int64(channels), bins: Int64(bins),
                source: source.base, destination: result.base, counts: counts.base),
            reading: [source, counts], writing: [result])
        return result.values
    }

    /// Four bins, which begin at 0, 85, 170 and 255.
    ///
    /// Where n values are in a value's bin and those below, it becomes (n - first) · 255 / (count - first).
    @Test(arguments: [1, 3])
    func `values are spread over 0 to 255, channel by channel`(channels: Int) {
        let x: [Float] = [3, 90, 80, 200, 90, 100, 255]
        // Counts are 2, 3, 1, 1: up to each bin 2, 5, 6, 7, and 5 behind the first.
        let expected = [0, 153, 0, 204, 153, 153, 255.0]
        let got = Self.equalized(
            x.flatMap { [Float](repeating: $0, count: channels) }, channels: channels, bins: 4)
        expect(got, expected.flatMap { [Double](repeating: $0, count: channels) }, units: 0)
    }

    @Test func `channels have histograms of their own, and one with a single bin stays`() {
        let x: [Float] = [0, 10, 255, 11, 0, 12, 255, 10]
        expect(
            Self.equalized(x, channels: 2, bins: 4), [0, 10, 255, 11, 0, 12, 255, 10], units: 0)
    }

    @Test func `a single value stays`() {
        #expect(Self.equalized([77], channels: 1, bins: 256) == [77])
    }

    /// NaN counts as 0.
    @Test func `values outside of 0 to 255 are in the outer bins`() {
        let x: [Float] = [-5, .nan, 90, 1e30, .infinity]
        // Up to each bin 2, 3, 3, 5, and 3 behind the first.
        expect(Self.equalized(x, channels: 1, bins: 4), [0, 0, 85, 255, 255], units: 0)
    }
}
