import Testing

@testable import Strata

@Suite struct ImageConversionTests {
    private let colours = Tensor(
        [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 200, 90, 123, 45, 67] as [UInt8],
        shape: [1, 6, 3])

    @Test func `grey is what Pillow's convert makes of colours`() throws {
        // Pillow 13.0.0: Image.fromarray(colours).convert("L")
        #expect(
            try colours.converted(to: .grayscale)
                == Tensor([76, 150, 29, 255, 131, 71] as [UInt8], shape: [1, 6, 1]))
    }

    static let cases: [(from: [UInt8], mode: ColorMode, to: [UInt8])] = [
        ([7], .rgb, [7, 7, 7]),
        ([7], .rgba, [7, 7, 7, 255]),
        ([7, 20], .grayscale, [7]),
        ([7, 20], .rgb, [7, 7, 7]),
        ([7, 20], .rgba, [7, 7, 7, 20]),
        ([1, 2, 3], .rgba, [1, 2, 3, 255]),
        ([1, 2, 3], .rgb, [1, 2, 3]),
        ([255, 0, 0, 0], .grayscale, [76]),
        ([1, 2, 3, 0], .rgb, [1, 2, 3]),
        ([1, 2, 3, 4], .rgba, [1, 2, 3, 4]),
    ]

    @Test(arguments: cases.indices)
    func `channels are added and dropped as Pillow does it`(_ index: Int) throws {
        let (from, mode, to) = ImageConversionTests.cases[index]
        let picture = Tensor(from + from, shape: [2, 1, from.count])
        #expect(try picture.converted(to: mode) == Tensor(to + to, shape: [2, 1, to.count]))
    }

    /// Python, Keras 3.15.1 on JAX 0.10.2:
    /// `x = (np.arange(24).reshape(3, 4, 2) * 37 % 251).astype("float32")`
    /// `keras.ops.image.resize(x, size, interpolation="bilinear", antialias=False)`, rounded to
    /// four places.
    static let resized: [(size: SpatialSize, expected: [Float])] = [
        (
            [3, 4],
            [
                0, 37, 74, 111, 148, 185, 222, 8, 45,
                82, 119, 156, 193, 230, 16, 53, 90, 127,
                164, 201, 238, 24, 61, 98,
            ]
        ),
        (
            [5, 7],
            [
                0, 37, 26.4286, 63.4286, 68.7143, 105.7143, 111, 148, 153.2857,
                172.3571, 195.5714, 71.2143, 222, 8, 18, 55, 44.4286, 81.4286,
                86.7143, 123.7143, 129, 166, 164.1143, 190.3571, 149.0286, 89.2143, 139.6,
                26, 45, 82, 71.4286, 108.4286, 113.7143, 150.7143, 156, 193,
                180.3571, 217.3571, 79.2142, 116.2142, 16, 53, 72, 109, 98.4286,
                135.4286, 140.7143, 177.7143, 183, 144.7, 207.3571, 104.5143, 106.2143, 89.4286,
                43, 80, 90, 127, 116.4286, 153.4286, 158.7143, 195.7143, 201,
                112.5, 225.3571, 29.2857, 124.2143, 71.5714, 61, 98,
            ]
        ),
        (
            [2, 2],
            [
                48.25, 85.25, 164.875, 107.75, 115.75, 152.75, 138.25, 81.125,
            ]
        ),
        (
            [1, 1],
            [
                156, 193,
            ]
        ),
        (
            [6, 3],
            [
                12.3333, 49.3333, 111, 148, 209.6667, 37.5, 23.5833, 60.5833, 122.25,
                159.25, 168.625, 48.75, 46.0833, 83.0833, 144.75, 181.75, 86.5416, 71.25,
                68.5833, 105.5833, 167.25, 172.875, 56.75, 83.2916, 91.0833, 128.0833, 189.75,
                132.625, 79.25, 84.875, 102.3333, 139.3333, 201, 112.5, 90.5, 85.6667,
            ]
        ),
        (
            [2, 9],
            [
                11.25, 48.25, 23.5833, 60.5833, 56.4722, 93.4722, 89.3611, 126.3611, 122.25,
                159.25, 155.1389, 192.1389, 163.625, 127.4167, 168.625, 48.75, 170.5, 19.25,
                78.75, 115.75, 91.0833, 128.0833, 123.9722, 160.9722, 156.8611, 183.4028, 189.75,
                132.625, 222.6389, 81.8472, 157.9167, 79.875, 79.25, 84.875, 49.75, 86.75,
            ]
        ),
    ]

    @Test(arguments: resized.indices)
    func `resizing gives Keras's numbers`(_ index: Int) throws {
        let (size, expected) = ImageConversionTests.resized[index]
        let source = Tensor((0..<24).map { UInt8($0 * 37 % 251) }, shape: [3, 4, 2])
        let result = try source.resized(to: size)
        #expect(result.shape == size.values + [2])
        #expect(result.dtype == .float32)
        for (value, wanted) in zip(result.scalars, expected) {
            // Half of the last place shown, and of float32's at 250.
            #expect(abs(value - wanted) < 1.5e-4)
        }
    }

    @Test func `one number stands for height and width`() throws {
        let source = Tensor([1, 2, 3, 4] as [UInt8], shape: [2, 2, 1])
        #expect(try source.resized(to: 1) == Tensor([2.5], shape: [1, 1, 1]))
    }

    private func problem(_ body: () throws -> Tensor) -> String {
        #expect(throws: DataError.self) { try body() }?.description ?? ""
    }

    @Test func `what cannot be resized or converted says why`() {
        let picture = Tensor([1, 2, 3, 4] as [UInt8], shape: [2, 2, 1])
        #expect(
            problem { try picture.resized(to: [1, 2, 3]) }
                == "size has 3 numbers for 2 spatial axes; give one number, or one for each axis")
        #expect(
            problem { try picture.resized(to: 0) } == "size [0] is not positive; use 1 or more")
        #expect(
            problem { try picture.resized(to: [1 << 14, 1 << 14]) }
                == "16384 × 16384 pixels are too many; ask for at most 100000000")
        #expect(
            problem { try picture.resized(to: [1 << 40, 1]) }
                == "size [1099511627776, 1] is too large; use 16777216 at most")
        #expect(
            problem { try picture.reshaped([2, 2]).resized(to: 2) }
                == "a tensor of shape [2, 2] is not an image; "
                + "give [height, width, channels], all above 0")
        #expect(
            problem { try picture.cast(to: .float32).converted(to: .rgb) }
                == "a tensor float32 [2, 2, 1] is not an image; "
                + "give uint8 [height, width, channels] with 1 to 4 channels")
    }
}
