// How many pictures a second one thread decodes, and decodes and resizes as a folder's pictures are for
// training. Benchmarks/decoding.py compares it with Pillow.
//
//     swift run -c release --package-path Examples decoding FOLDER SIZE

import Foundation
import Strata

/// Goes through all pictures at least once, and again until a second is over.
func rate(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var rounds = 0
    repeat {
        try body()
        rounds += 1
    } while clock.now - start < .seconds(1)
    return Double(rounds * count) / ((clock.now - start) / .seconds(1))
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let size = Int(arguments[2]) else {
    print("usage: decoding FOLDER SIZE")
    exit(2)
}
setThreadCount(1)

func data(isReduced: Bool) throws -> ImageDataset {
    try imageDataset(
        fromDirectory: arguments[1], labelMode: .none, imageSize: [size, size], shuffle: false,
        reducedDecoding: isReduced)
}

let files = try data(isReduced: true).filePaths
let decoded = try rate(files.count) {
    for file in files { _ = try ImageDecoder.decode(file: file).converted(to: .rgb) }
}

/// An epoch's batches, made by one thread.
func resized(isReduced: Bool) throws -> Double {
    let pictures = try data(isReduced: isReduced)
    return try rate(files.count) {
        var batches = pictures.batches(inEpoch: 0)
        while try batches.next() != nil {}
    }
}

print(
    """
    {"decode": \(decoded), "resize": \(try resized(isReduced: false)), \
    "reduced": \(try resized(isReduced: true))}
    """)
