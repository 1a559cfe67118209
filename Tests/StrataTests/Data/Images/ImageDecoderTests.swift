import Testing

@testable import Strata

@Suite struct ImageDecoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var file: PNGFile
        var expected: [UInt8]
        var channels: Int

        init(_ name: String, _ file: PNGFile, _ expected: [UInt8], channels: Int) {
            testDescription = name
            self.file = file
            self.expected = expected
            self.channels = channels
        }
    }

    /// Three by two pictures of every colour type and depth; what they hold is written beside them.
    static let cases: [Case] = [
        Case(
            "grey, 1 bit",
            PNGFile(
                width: 3, height: 2, bitDepth: 1, colourType: 0,
                rows: [[0b1010_0000], [0b0110_0000]]),
            [255, 0, 255, 0, 255, 255], channels: 1),
        Case(
            // Four levels are 85 apart.
            "grey, 2 bits",
            PNGFile(
                width: 3, height: 2, bitDepth: 2, colourType: 0,
                rows: [[0b0001_1000], [0b1100_1100]]),
            [0, 85, 170, 255, 0, 255], channels: 1),
        Case(
            // Sixteen levels are 17 apart.
            "grey, 4 bits",
            PNGFile(
                width: 3, height: 2, bitDepth: 4, colourType: 0,
                rows: [[0x01, 0x20], [0xF8, 0x30]]),
            [0, 17, 34, 255, 136, 51], channels: 1),
        Case(
            "grey, 8 bits",
            PNGFile(width: 3, height: 2, colourType: 0, rows: [[1, 2, 3], [4, 5, 255]]),
            [1, 2, 3, 4, 5, 255], channels: 1),
        Case(
            "grey, 16 bits",
            PNGFile(
                width: 3, height: 2, bitDepth: 16, colourType: 0,
                rows: [[1, 255, 2, 0, 3, 128], [4, 127, 5, 9, 255, 255]]),
            [1, 2, 3, 4, 5, 255], channels: 1),
        Case(
            "grey with a transparent level",
            PNGFile(
                width: 3, height: 2, colourType: 0, rows: [[1, 2, 3], [4, 2, 6]],
                transparency: [0, 2]),
            [1, 255, 2, 0, 3, 255, 4, 255, 2, 0, 6, 255], channels: 2),
        Case(
            "RGB, 8 bits",
            PNGFile(
                width: 3, height: 2, colourType: 2,
                rows: [[1, 2, 3, 4, 5, 6, 7, 8, 9], [10, 20, 30, 40, 50, 60, 70, 80, 90]]),
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90], channels: 3),
        Case(
            "RGB, 16 bits",
            PNGFile(
                width: 1, height: 2, bitDepth: 16, colourType: 2,
                rows: [[1, 9, 2, 200, 3, 0], [4, 255, 5, 0, 6, 128]]),
            [1, 2, 3, 4, 5, 6], channels: 3),
        Case(
            "palette, 2 bits",
            PNGFile(
                width: 3, height: 2, bitDepth: 2, colourType: 3,
                rows: [[0b0001_1000], [0b1000_0100]],
                palette: [10, 20, 30, 40, 50, 60, 70, 80, 90]),
            [10, 20, 30, 40, 50, 60, 70, 80, 90, 70, 80, 90, 10, 20, 30, 40, 50, 60],
            channels: 3),
        Case(
            "palette with transparency",
            PNGFile(
                width: 2, height: 1, colourType: 3, rows: [[0, 1]],
                palette: [10, 20, 30, 40, 50, 60], transparency: [128]),
            [10, 20, 30, 128, 40, 50, 60, 255], channels: 4),
        Case(
            "grey and alpha",
            PNGFile(width: 2, height: 1, colourType: 4, rows: [[7, 100, 8, 0]]),
            [7, 100, 8, 0], channels: 2),
        Case(
            "RGBA",
            PNGFile(width: 2, height: 1, colourType: 6, rows: [[1, 2, 3, 4, 5, 6, 7, 8]]),
            [1, 2, 3, 4, 5, 6, 7, 8], channels: 4),
        Case(
            "RGBA, 16 bits",
            PNGFile(
                width: 1, height: 1, bitDepth: 16, colourType: 6,
                rows: [[1, 0, 2, 0, 3, 0, 4, 255]]),
            [1, 2, 3, 4], channels: 4),
        Case(
            // Adam7 on 3 × 2: pass 1 has (0, 0), pass 5 none (it begins in row 2), pass 4 the
            // column 2 of row 0, pass 6 the column 1 of row 0, pass 7 all of row 1.
            "interlaced",
            PNGFile(
                width: 3, height: 2, colourType: 0, rows: [[1], [3], [2], [4, 5, 6]],
                isInterlaced: true),
            [1, 2, 3, 4, 5, 6], channels: 1),
    ]

    @Test(arguments: cases)
    func `a PNG of any kind becomes bytes`(_ picture: Case) throws {
        #expect(
            try ImageDecoder.decode(picture.file.bytes)
                == Tensor(
                    picture.expected,
                    shape: [picture.file.height, picture.file.width, picture.channels]))
    }

    @Test(arguments: JPEGFixture.all)
    func `a JPEG has the pixels that Pillow finds in it`(_ fixture: JPEGFixture) throws {
        #expect(
            try ImageDecoder.decode(fixture.file)
                == Tensor(fixture.pixels, shape: [9, 11, fixture.channels]))
    }

    private static let png = PNGFile(
        width: 3, height: 2, colourType: 0, rows: [[1, 2, 3], [4, 5, 6]])

    @Test func `no prefix of a PNG passes for it`() {
        let whole = ImageDecoderTests.png.bytes
        for count in 0..<whole.count {
            #expect(throws: DataError.self, "\(count) bytes") {
                try ImageDecoder.decode(Array(whole.prefix(count)))
            }
        }
    }

    @Test(arguments: JPEGFixture.all)
    func `no prefix of a JPEG passes for it`(_ fixture: JPEGFixture) throws {
        // The last two bytes only say that the end has come.
        for count in 0..<fixture.file.count - 2 {
            #expect(throws: DataError.self, "\(count) bytes") {
                try ImageDecoder.decode(Array(fixture.file.prefix(count)))
            }
        }
    }

    @Test(arguments: 0...JPEGFixture.all.count)
    func `any changed byte gives a picture or an error`(_ index: Int) {
        let file = ([ImageDecoderTests.png.bytes] + JPEGFixture.all.map(\.file))[index]
        for position in file.indices {
            for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                var bytes = file
                bytes[position] = value
                _ = try? ImageDecoder.decode(bytes)
            }
        }
    }

    private func problem(_ bytes: [UInt8]) -> String {
        let error = #expect(throws: DataError.self) {
            try ImageDecoder.decode(bytes, file: "x.png")
        }
        return error?.description ?? ""
    }

    @Test func `more pixels than can be sensible are refused before memory is taken`() {
        var huge = ImageDecoderTests.png
        (huge.width, huge.height) = (100_000, 100_000)
        #expect(
            problem(huge.bytes)
                == "x.png: 100000 × 100000 pixels are too many; use a picture of at most 100000000")
        // The frame header: marker, length, depth, then height and width.
        var photo = JPEGFixture.all[0].file
        let frame = photo.indices.first { photo[$0] == 0xFF && photo[$0 + 1] == 0xC0 } ?? 0
        photo.replaceSubrange(frame + 5..<frame + 9, with: [0xEA, 0x60, 0xEA, 0x60])
        #expect(
            problem(photo)
                == "x.png: 60000 × 60000 pixels are too many; use a picture of at most 100000000")
    }

    @Test func `a damaged PNG is refused with libpng's words`() {
        var bytes = ImageDecoderTests.png.bytes
        bytes[20] ^= 1
        #expect(problem(bytes) == "x.png: IHDR: CRC error; use a whole PNG or JPEG file")
    }

    @Test func `a JPEG that is cut off is refused, not filled with grey`() {
        let bytes = JPEGFixture.all[1].file
        #expect(
            problem(Array(bytes.prefix(bytes.count - 20)))
                == "x.png: the file is cut off; use a whole PNG or JPEG file")
    }

    @Test(arguments: [
        ("GIF89a", "it looks like a GIF file, which is not read"),
        ("RIFF....WEBP", "it looks like a WebP file, which is not read"),
        ("hello", "it is neither a PNG nor a JPEG file"),
        ("", "the file is empty"),
    ])
    func `another format is named`(_ text: String, _ found: String) {
        #expect(problem(Array(text.utf8)) == "x.png: \(found); convert it to PNG or JPEG")
    }

    @Test func `a file that is not there is reported`() {
        let error = #expect(throws: DataError.self) {
            try ImageDecoder.decode(file: "/nowhere/cat.png")
        }
        #expect(
            error?.description
                == "/nowhere/cat.png: cannot be read: No such file or directory; "
                + "check the path and its permissions")
    }

    @Test(arguments: [1, 2, 3, 4])
    func `what is encoded as PNG is decoded as it was`(_ channels: Int) throws {
        let pixels = (0..<5 * 7 * channels).map { UInt8(truncatingIfNeeded: $0 * 37) }
        let picture = Tensor(pixels, shape: [5, 7, channels])
        #expect(try ImageDecoder.decode(ImageEncoder.png(picture)) == picture)
    }

    @Test func `a grey picture needs no channel to be encoded`() throws {
        let picture = Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 3])
        #expect(
            try ImageDecoder.decode(ImageEncoder.png(picture)) == picture.reshaped([2, 3, 1]))
    }

    @Test(arguments: [
        Tensor([1, 2] as [Float], shape: [1, 2, 1]), Tensor([1, 2] as [UInt8]),
        Tensor([1, 2, 3, 4, 5] as [UInt8], shape: [1, 1, 5]),
        Tensor.zeros([0, 3, 1], dtype: .uint8),
    ])
    func `what is no picture is not encoded`(_ tensor: Tensor) {
        #expect(
            throws: DataError.unsuitableImage(
                problem: "a tensor \(tensor.dtype.rawValue) \(tensor.shape) is not an image",
                fix: "give uint8 [height, width, channels] with 1 to 4 channels")
        ) {
            try ImageEncoder.png(tensor)
        }
    }
}
