import Testing

@testable import Strata

@Suite struct ImageOrientationTests {
    /// A JPEG's head with an EXIF segment, as far as an orientation is looked for.
    private func jpeg(_ orientation: UInt8, isLittle: Bool, isAfterOther: Bool = false) -> [UInt8] {
        let short = { (value: UInt8) in isLittle ? [value, 0] : [0, value] }
        let long = { (value: UInt8) in isLittle ? [value, 0, 0, 0] : [0, 0, 0, value] }
        // A TIFF header, one folder at place 8 with two entries.
        var tiff: [UInt8] = Array((isLittle ? "II" : "MM").utf8) + short(42) + long(8) + short(2)
        tiff += (isLittle ? [0x0F, 0x01] : [0x01, 0x0F]) + short(2) + long(4) + [65, 66, 67, 0]
        tiff += (isLittle ? [0x12, 0x01] : [0x01, 0x12]) + short(3) + long(1)
        tiff += short(orientation) + [0, 0] + long(0)
        let exif = Array("Exif\0\0".utf8) + tiff
        let other: [UInt8] = isAfterOther ? [0xFF, 0xE0, 0, 4, 1, 2] : []
        return [0xFF, 0xD8] + other + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif
            + [0xFF, 0xDA, 0, 0]
    }

    @Test(arguments: 1...8 as ClosedRange<UInt8>)
    func `the camera's note is found in both byte orders`(orientation: UInt8) {
        for isLittle in [true, false] {
            for isAfterOther in [true, false] {
                let bytes = jpeg(orientation, isLittle: isLittle, isAfterOther: isAfterOther)
                #expect(ImageOrientation(jpeg: bytes).rawValue == Int(orientation))
            }
        }
    }

    @Test func `what makes no sense, or is cut off anywhere, is upright`() {
        #expect(ImageOrientation(jpeg: jpeg(9, isLittle: true)) == .upright)
        #expect(ImageOrientation(jpeg: jpeg(0, isLittle: false)) == .upright)
        let whole = jpeg(6, isLittle: false)
        // The picture's own data follows in the last four bytes.
        for count in 0..<whole.count - 4 {
            #expect(ImageOrientation(jpeg: Array(whole.prefix(count))) == .upright)
        }
        var lost = whole
        lost[16] = 0xFF
        #expect(ImageOrientation(jpeg: lost) == .upright)
    }

    /// Exif's own table: where the first row and the first column of what is stored are seen.
    @Test(
        arguments: [
            (1, [1, 2, 3, 4, 5, 6], 2, 3), (2, [3, 2, 1, 6, 5, 4], 2, 3),
            (3, [6, 5, 4, 3, 2, 1], 2, 3),
            (4, [4, 5, 6, 1, 2, 3], 2, 3), (5, [1, 4, 2, 5, 3, 6], 3, 2),
            (6, [4, 1, 5, 2, 6, 3], 3, 2),
            (7, [6, 3, 5, 2, 4, 1], 3, 2), (8, [3, 6, 2, 5, 1, 4], 3, 2),
        ] as [(Int, [UInt8], Int, Int)])
    func `pictures are turned`(number: Int, pixels: [UInt8], height: Int, width: Int) throws {
        let orientation = try #require(ImageOrientation(rawValue: number))
        let stored = Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 3, 1])
        #expect(orientation.uprighted(stored) == Tensor(pixels, shape: [height, width, 1]))
    }

    @Test(arguments: JPEGFixture.all)
    func `a turned file is decoded as it was seen`(_ fixture: JPEGFixture) throws {
        let head = jpeg(6, isLittle: true).dropLast(4)
        let file = Array(head) + fixture.file.dropFirst(2)
        let stored = try ImageDecoder.decode(file)
        #expect(stored.shape == [9, 11, fixture.channels])
        let upright = try ImageDecoder.decode(file, isUpright: true)
        #expect(upright == ImageOrientation.turnedLeft.uprighted(stored))
    }
}
