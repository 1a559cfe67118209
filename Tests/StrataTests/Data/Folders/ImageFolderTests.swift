import Foundation
import Testing

@testable import Strata

@Suite final class ImageFolderTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "strata-folder-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Puts a file into the folder.
    private func write(_ bytes: [UInt8], _ name: String) throws {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// A picture of one grey.
    private func grey(_ value: UInt8, _ height: Int = 4, _ width: Int = 4) throws -> [UInt8] {
        try ImageEncoder.png(
            Tensor(Array(repeating: value, count: height * width), shape: [height, width]))
    }

    private func greys(_ data: ImageDataset, epoch: Int = 0) throws -> [Int] {
        var batches = data.batches(inEpoch: epoch)
        var all: [Int] = []
        while let batch = try batches.next() {
            for row in 0..<batch.count { all.append(Int(batch.x[0][row].scalars[0])) }
        }
        return all
    }

    @Test func `what cannot be used is named, and the rest is taken`() throws {
        try write(try grey(1), "a/1.png")
        try write(try grey(2), "a/deeper/2.jpg")
        try write(try grey(3), "b/3")
        try write(Array("GIF89a, and more".utf8), "b/stray.gif")
        try write([], "b/void.png")
        try write(Array("some notes".utf8), "c/notes.txt")
        try write(try grey(9), "a/.hidden.png")
        try write(try grey(9), "beside.png")
        let data = try imageDataset(fromDirectory: folder.path, imageSize: 4, shuffle: false)
        #expect(data.classNames == ["a", "b", "c"])
        #expect(data.labels == [0, 0, 1])
        #expect(try greys(data) == [1, 2, 3])
        #expect(
            data.problems == [
                "b/stray.gif: it looks like a GIF file, which is not read",
                "b/void.png: the file is empty",
                "c/notes.txt: it is neither a PNG nor a JPEG file",
                "class c: there are no images in it",
            ])
        let error = #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: self.folder.path, strict: true)
        }
        #expect(
            error?.description
                == "\(folder.path)/b/stray.gif: it looks like a GIF file, which is not "
                + "read; take it out of the folder, or set strict: false")
    }

    @Test func `what cannot be used is named below a folder with other letters`() throws {
        try write(try grey(1), "Grüße/a~b/ö.png")
        try write(Array("note".utf8), "Grüße/a~b/möwe.txt")
        let set = try imageDataset(fromDirectory: folder.appending(path: "Grüße").path)
        #expect(set.classNames == ["a~b"] && set.count == 1)
        #expect(set.problems == ["a~b/möwe.txt: it is neither a PNG nor a JPEG file"])
    }

    @Test func `the next picture stands in for a damaged one, or with strict none does`() throws {
        try write(try grey(1), "a/1.png")
        try write(Array(try grey(2).dropLast(20)), "a/2.png")
        try write(try grey(3), "b/3.png")
        let data = try imageDataset(fromDirectory: folder.path, imageSize: 4, shuffle: false)
        var batches = data.batches(inEpoch: 0)
        let batch = try #require(try batches.next())
        #expect(batch.y[0].integers == [0, 1, 1])
        #expect(try greys(data, epoch: 1) == [1, 3, 3])
        let strict = try imageDataset(
            fromDirectory: folder.path, imageSize: 4, shuffle: false, strict: true)
        var others = strict.batches(inEpoch: 0)
        #expect(throws: DataError.self) { try others.next() }
        try write(Array(try grey(1).dropLast(20)), "a/1.png")
        try write(Array(try grey(3).dropLast(20)), "b/3.png")
        var none = data.batches(inEpoch: 2)
        #expect(throws: DataError.self) { try none.next() }
    }

    @Test func `both parts of a split are all pictures, none twice, and the seed fixes them`()
        throws
    {
        for number in 0..<20 {
            try write(try grey(UInt8(number)), "\(number < 10 ? "a" : "b")/\(number).png")
        }
        func split(_ seed: UInt64) throws -> (training: [Int], validation: [Int]) {
            let parts = try imageDatasets(
                fromDirectory: folder.path, imageSize: 4, seed: seed, validationSplit: 0.3)
            #expect(parts.training.count == 14 && parts.validation.count == 6)
            return (try greys(parts.training), try greys(parts.validation))
        }
        let first = try split(1)
        #expect((first.training + first.validation).sorted() == Array(0..<20))
        let again = try split(1)
        #expect(again.training == first.training && again.validation == first.validation)
        #expect(Set(try split(2).validation) != Set(first.validation))
        let data = try imageDataset(fromDirectory: folder.path, imageSize: 4, seed: 1)
        #expect(try greys(data) != greys(data, epoch: 1))
        #expect(try greys(data.cached(limit: 1 << 20), epoch: 1) == greys(data, epoch: 1))
    }

    @Test(arguments: [(0.3, "validation"), (0.99, "training"), (1e-9, "validation")])
    func `an empty part of a split is named`(split: Double, part: String) throws {
        for number in 0..<3 { try write(try grey(UInt8(number)), "a/\(number).png") }
        let path = folder.path
        if part == "training" {
            // Keras keeps int(0.99 · 3) = 2 for validation, so that one is left.
            let parts = try imageDatasets(fromDirectory: path, seed: 1, validationSplit: split)
            #expect(parts.training.count == 1 && parts.validation.count == 2)
            return
        }
        let error = #expect(throws: DataError.self) {
            try imageDatasets(fromDirectory: path, seed: 1, validationSplit: split)
        }
        let text = error?.description ?? ""
        #expect(text.contains("of 3 pictures in \(path) leaves none for \(part)"))
        #expect(text.contains("use another fraction, or add pictures"))
    }

    @Test func `arguments that exclude each other are errors`() throws {
        try write(try grey(1), "a/1.png")
        let path = folder.path
        #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: path, validationSplit: 0.5)
        }
        #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: path, seed: 1, validationSplit: 1, subset: .training)
        }
        #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: path, validationSplit: 0.5, subset: .training)
        }
        #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: path, cropToAspectRatio: true, padToAspectRatio: true)
        }
        #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: path, labelMode: .binary)
        }
        #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: path, labels: .list([1, 2]))
        }
        #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: path, classNames: ["b"])
        }
        #expect(throws: DataError.self) { try imageDataset(fromDirectory: path, batchSize: 0) }
        #expect(throws: DataError.self) {
            try imageDataset(fromDirectory: path, imageSize: [0, 4])
        }
        #expect(throws: DataError.self) { try imageDataset(fromDirectory: path + "/nothing") }
    }

    @Test(arguments: [true, false])
    func `pixels are bytes, rounded, or float32 as Keras has them`(isReduced: Bool) throws {
        let picture = Tensor([0, 255, 100, 7] as [UInt8], shape: [2, 2, 1])
        try write(ImageEncoder.png(picture), "a/1.png")
        let data = try imageDataset(
            fromDirectory: folder.path, colorMode: .grayscale, imageSize: [2, 3],
            interpolation: .bicubic, reducedDecoding: isReduced)
        var batches = data.batches(inEpoch: 0)
        let x = try #require(try batches.next()).x[0]
        // The middles of three pixels lie at −1/6, 1/2 and 7/6 of two. Keys's weights there, of the
        // two pixels that there are, w(1/6) = 0.9375 and w(7/6) = −0.0579, are made to add up to 1.
        let (near, far) = (Float(0.9375), Float(-0.0578_7037))
        let own = near / (near + far)
        let exact: [Float] = [
            255 * (1 - own), 127.5, 255 * own, 100 * own + 7 * (1 - own), 53.5,
            100 * (1 - own) + 7 * own,
        ]
        #expect(x.shape == [1, 2, 3, 1])
        if isReduced {
            #expect(x.dtype == .uint8)
            // −16.8 and 271.8 lie beyond what a byte holds.
            #expect(x == Tensor([0, 128, 255, 106, 54, 1] as [UInt8], shape: [1, 2, 3, 1]))
        } else {
            #expect(x.dtype == .float32)
            // Sums of up to 16 products of numbers up to 272, by weights with seven digits: 16 · 2⁻²⁴ · 272 = 2.6e-4.
            #expect(zip(x.scalars, exact).allSatisfy { abs($0 - $1) < 3e-4 }, "\(x.scalars)")
        }
    }

    @Test func `kept pictures take a byte for each number`() throws {
        for number in 0..<6 { try write(try grey(UInt8(number)), "a/\(number).png") }
        // 4 × 4 pixels of 3 bytes and a class of 4 bytes: there is room for all six.
        let data = try imageDataset(fromDirectory: folder.path, batchSize: 2, imageSize: 4, seed: 1)
            .cached(limit: 6 * (48 + 4))
        #expect(try greys(data).sorted() == Array(0..<6))
        try FileManager.default.removeItem(at: folder.appending(path: "a"))
        #expect(try greys(data, epoch: 1).sorted() == Array(0..<6))
    }

    @Test func `a picture that declares 60,000 × 60,000 pixels is refused`() throws {
        try write(
            PNGFile(width: 60_000, height: 60_000, colourType: 2, rows: [[0, 0, 0]]).bytes,
            "a/vast.png")
        let data = try imageDataset(fromDirectory: folder.path, imageSize: 4, strict: true)
        var batches = data.batches(inEpoch: 0)
        let error = #expect(throws: DataError.self) { try batches.next() }
        #expect(error?.description.contains("60000 × 60000 pixels are too many") == true)
    }

    @Test(arguments: JPEGFixture.all)
    func `a JPEG decoded at half its size has the means of four pixels`(_ fixture: JPEGFixture)
        throws
    {
        let whole = try ImageDecoder.decode(fixture.file)
        for (least, size) in [(4, [5, 6]), (2, [3, 3]), (1, [2, 2]), (5, [9, 11])] {
            let part = try ImageDecoder.decode(
                fixture.file, file: "", isUpright: false, least: (least, least))
            // libjpeg rounds sizes up: ⌈9 / 2⌉ × ⌈11 / 2⌉.
            #expect(part.shape == size + [fixture.channels])
        }
        let half = try ImageDecoder.decode(
            fixture.file, file: "", isUpright: false, least: (4, 4))
        let (old, new) = (whole.scalars, half.scalars)
        // The last row and column cover what lies beyond the picture too.
        for row in 0..<4 {
            for column in 0..<5 {
                for channel in 0..<fixture.channels {
                    let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map { y, x in
                        old[((2 * row + y) * 11 + 2 * column + x) * fixture.channels + channel]
                    }
                    let mean = four.reduce(0, +) / 4
                    let found = new[(row * 6 + column) * fixture.channels + channel]
                    // Pictures that rise by 23 a pixel: half a pixel off would be 11.5.
                    #expect(abs(found - mean) < 11, "\(row) \(column) \(channel)")
                }
            }
        }
    }
}
