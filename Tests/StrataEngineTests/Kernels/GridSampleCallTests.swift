import CKernels
import Testing

/// Grid sampling and its gradient, called directly.
///
/// Pixels are integers and positions multiples of 1/4, so that all sums are exact.
@Suite struct GridSampleCallTests {
    struct Fill: Sendable, CustomStringConvertible {
        var description: String
        var fill: strata_fill
        /// The pixels at -4 … 6 of a row of three, 0, 1 and 2; -1 is the fill value.
        var seen: [Int]
    }

    private static let fills = [
        Fill(
            description: "constant", fill: strata_fill_constant,
            seen: [-1, -1, -1, -1, 0, 1, 2, -1, -1, -1, -1]),
        Fill(
            description: "nearest", fill: strata_fill_nearest,
            seen: [0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2]),
        Fill(
            description: "wrap", fill: strata_fill_wrap, seen: [2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0]),
        Fill(
            description: "reflect", fill: strata_fill_reflect,
            seen: [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0]),
        Fill(
            description: "mirror", fill: strata_fill_mirror,
            seen: [0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2]),
    ]
    private static let (batch, side, channels, newHeight, newWidth) = (3, 3, 2, 40, 13)
    private static var samples: Int { batch * newHeight * newWidth }

    private static func arguments(_ fill: strata_fill, isBilinear: Bool) -> strata_grid_sample {
        var arguments = strata_grid_sample()
        arguments.is_bilinear = isBilinear ? 1 : 0
        (arguments.fill, arguments.fill_value) = (Int32(fill.rawValue), 5)
        (arguments.batch, arguments.channels) = (Int64(batch), Int64(channels))
        (arguments.height, arguments.width) = (Int64(side), Int64(side))
        (arguments.new_height, arguments.new_width) = (Int64(newHeight), Int64(newWidth))
        return arguments
    }

    /// Rows and columns from -4 to 5.75.
    private static let grid = (0..<2 * samples).map { index -> Float in
        let quarters = (index * 17 + index / 40) % 40
        return Float(quarters) / 4 - 4
    }

    /// The pixels, or -1, that a position is interpolated from, and their weights.
    private static func taps(
        _ fill: Fill, isBilinear: Bool, sample: Int
    ) -> [(pixel: Int, weight: Double)] {
        let along = (0..<2).map { axis -> [(Int, Double)] in
            let position = Double(grid[2 * sample + axis])
            if !isBilinear {
                return [(fill.seen[Int(position.rounded(.toNearestOrAwayFromZero)) + 4], 1)]
            }
            let (low, part) = (position.rounded(.down), position - position.rounded(.down))
            return [(fill.seen[Int(low) + 4], 1 - part), (fill.seen[Int(low) + 5], part)]
        }
        var taps: [(pixel: Int, weight: Double)] = []
        for (row, down) in along[0] {
            for (column, right) in along[1] {
                let isInside = row >= 0 && column >= 0
                taps.append((isInside ? row * side + column : -1, down * right))
            }
        }
        return taps
    }

    @Test(arguments: fills, [false, true])
    func `pixels between those of an image`(fill: Fill, isBilinear: Bool) {
        let size = Self.side * Self.side * Self.channels
        let (images, grid) = (Cells(integers(Self.batch * size, limit: 9)), Cells(Self.grid))
        let result = Cells.unwritten(Self.samples * Self.channels)
        var arguments = Self.arguments(fill.fill, isBilinear: isBilinear)
        (arguments.images, arguments.grid) = (images.base, grid.pointer)
        arguments.samples = result.base
        call(strata_run_grid_sample, arguments, reading: [images, grid], writing: [result])
        let x = images.doubles
        let expected = (0..<Self.samples * Self.channels).map { index -> Double in
            let sample = index / Self.channels
            let first = sample / (Self.newHeight * Self.newWidth) * size + index % Self.channels
            var sum = 0.0
            for tap in Self.taps(fill, isBilinear: isBilinear, sample: sample) {
                sum += tap.weight * (tap.pixel < 0 ? 5 : x[first + tap.pixel * Self.channels])
            }
            return sum
        }
        expect(result.values, expected, units: 0)
    }

    @Test(arguments: fills, [false, true])
    func `the gradient of the image`(fill: Fill, isBilinear: Bool) {
        let size = Self.side * Self.side * Self.channels
        let gradient = Cells(integers(Self.samples * Self.channels, limit: 9))
        let (grid, result) = (Cells(Self.grid), Cells.unwritten(Self.batch * size))
        var arguments = Self.arguments(fill.fill, isBilinear: isBilinear)
        (arguments.images, arguments.grid) = (result.base, grid.pointer)
        arguments.samples = gradient.base
        call(
            strata_run_grid_sample_backward, arguments, reading: [gradient, grid],
            writing: [result])
        var expected = [Double](repeating: 0, count: Self.batch * size)
        for (index, own) in gradient.values.enumerated() {
            let sample = index / Self.channels
            let image = sample / (Self.newHeight * Self.newWidth) * size
            for tap in Self.taps(fill, isBilinear: isBilinear, sample: sample)
            where tap.pixel >= 0 {
                expected[image + tap.pixel * Self.channels + index % Self.channels] +=
                    tap.weight * Double(own)
            }
        }
        expect(result.values, expected, units: 0)
    }

    /// NaN counts as a position far outside.
    @Test(arguments: [-Float.infinity, -1e30, .nan, 1e30, .infinity])
    func `positions far outside are the fill value, and NaN is propagated`(position: Float) {
        let images = Cells<Float>([1, .nan])
        let grid = Cells<Float>([position, 0, 0, position, 0, 1, 0, 0])
        let result = Cells.unwritten(4)
        var arguments = Self.arguments(strata_fill_constant, isBilinear: true)
        (arguments.batch, arguments.height, arguments.width, arguments.channels) = (1, 1, 2, 1)
        (arguments.new_height, arguments.new_width) = (1, 4)
        (arguments.images, arguments.grid) = (images.base, grid.pointer)
        arguments.samples = result.base
        call(strata_run_grid_sample, arguments, reading: [images, grid], writing: [result])
        expect(result.values, [5, 5, .nan, 1], units: 0)
    }
}
