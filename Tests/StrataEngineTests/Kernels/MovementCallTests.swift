import CKernels
import Testing

@testable import StrataEngine

/// Strided copies and the feeding of samples, called directly.
@Suite struct MovementCallTests {
    struct Copy: Sendable, CustomStringConvertible {
        var description: String
        var dims: [Int]
        var sourceStrides: [Int]
        var destinationStrides: [Int]
        var sourceOffset = 0
        var destinationOffset = 0
        var count: Int

        fileprivate func indices(_ strides: [Int], _ offset: Int) -> [Int] {
            zip(dims, strides).reduce([offset]) { offsets, axis in
                offsets.flatMap { offset in (0..<axis.0).map { offset + $0 * axis.1 } }
            }
        }
    }

    private static let copies = [
        Copy(
            description: "one element", dims: [1], sourceStrides: [1], destinationStrides: [1],
            count: 1),
        Copy(
            description: "every other one", dims: [9], sourceStrides: [2], destinationStrides: [1],
            count: 9),
        Copy(
            description: "a transpose", dims: [5, 7], sourceStrides: [1, 5],
            destinationStrides: [7, 1], count: 35),
        Copy(
            description: "a reversal", dims: [3, 6], sourceStrides: [6, -1],
            destinationStrides: [6, 1], sourceOffset: 5, count: 18),
        Copy(
            description: "repetition", dims: [4, 3], sourceStrides: [0, 1],
            destinationStrides: [3, 1], count: 12),
        Copy(
            description: "a slice in a padded frame", dims: [2, 3, 8], sourceStrides: [40, 10, 1],
            destinationStrides: [60, 12, 1], sourceOffset: 11, destinationOffset: 14, count: 120),
        Copy(
            description: "blocks of 16", dims: [3, 4, 16], sourceStrides: [16, 48, 1],
            destinationStrides: [64, 16, 1], count: 192),
        Copy(
            description: "a large transpose", dims: [300, 2, 130],
            sourceStrides: [2, 1, 600], destinationStrides: [260, 130, 1], count: 78_000),
    ]

    private static func run<Element: FixedWidthInteger & UnsignedInteger>(
        _ copy: Copy, of type: Element.Type
    ) {
        let from = copy.indices(copy.sourceStrides, copy.sourceOffset)
        let to = copy.indices(copy.destinationStrides, copy.destinationOffset)
        let source = Cells((0...(from.max() ?? 0)).map { Element(truncatingIfNeeded: $0 * 7 + 1) })
        let result = Cells([Element](repeating: 0, count: copy.count))
        var arguments = strata_strided_copy()
        arguments.rank = Int32(copy.dims.count)
        arguments.element_size = Int32(MemoryLayout<Element>.size)
        copyAxes(copy.dims, to: &arguments.dims)
        copyAxes(copy.sourceStrides, to: &arguments.source_strides)
        copyAxes(copy.destinationStrides, to: &arguments.destination_strides)
        (arguments.source, arguments.destination) = (UnsafePointer(source.bytes), result.bytes)
        arguments.source_offset = Int64(copy.sourceOffset)
        arguments.destination_offset = Int64(copy.destinationOffset)
        call(strata_run_strided_copy, arguments, reading: [source], writing: [result])
        var expected = [Element](repeating: 0, count: copy.count)
        for (from, to) in zip(from, to) { expected[to] = source.values[from] }
        #expect(result.values == expected)
    }

    @Test(arguments: copies)
    func `a box of elements of 1, 2 and 4 bytes`(copy: Copy) {
        Self.run(copy, of: UInt8.self)
        Self.run(copy, of: UInt16.self)
        Self.run(copy, of: UInt32.self)
    }

    @Test func `the frame of padding is filled before`() {
        let (source, result) = (Cells<Float>([1, .nan, 3, 4]), Cells.unwritten(12))
        var arguments = strata_strided_copy()
        (arguments.rank, arguments.element_size) = (2, 4)
        (arguments.has_fill, arguments.fill, arguments.fill_count) = (1, -0.5, 12)
        copyAxes([2, 2], to: &arguments.dims)
        // Transposed, as contiguous rows and single elements go different ways.
        copyAxes([1, 2], to: &arguments.source_strides)
        copyAxes([4, 1], to: &arguments.destination_strides)
        (arguments.source, arguments.destination) = (UnsafePointer(source.bytes), result.bytes)
        arguments.destination_offset = 5
        call(strata_run_strided_copy, arguments, reading: [source], writing: [result])
        let f = -0.5
        expect(result.values, [f, f, f, f, f, 1, 3, f, f, .nan, 4, f], units: 0)
    }

    /// Rows of three bytes, and so many that they are divided among threads.
    @Test(arguments: [1, 5, 40_000], [false, true])
    func `samples are rows by index, or the first ones`(count: Int, hasIndices: Bool) {
        let rows = 50_000
        let source = Cells((0..<3 * rows).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let indices = Cells((0..<count).map { Int64(($0 &* 7919 + 3) % rows) })
        let result = Cells([UInt8](repeating: 0, count: 3 * count))
        var feed = strata_feed(
            count: Int64(count), row_size: 3, source: source.bytes,
            indices: hasIndices ? indices.pointer : nil, destination: result.bytes)
        strata_feed_rows(&feed)
        let table = source.values
        let expected = (0..<count).flatMap { sample -> ArraySlice<UInt8> in
            let row = hasIndices ? Int(indices.values[sample]) : sample
            return table[3 * row..<3 * row + 3]
        }
        #expect(result.values == expected)
        withExtendedLifetime((source, indices)) {}
    }
}
