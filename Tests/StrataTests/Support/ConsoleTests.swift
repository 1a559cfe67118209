import Foundation
import Synchronization
import Testing

@testable import Strata

private func train(_ verbosity: Verbosity) throws {
    let model = try Sequential {
        Input(shape: [1])
        Dense(1)
    }
    try model.compile(optimizer: SGD(), loss: .meanSquaredError)
    let x = Tensor([1], shape: [1, 1])
    try model.fit(x, x, verbose: verbosity)
    _ = try model.predict(x, verbose: verbosity)
}

/// Programs whose output goes into a file or pipe.
@Suite struct ConsoleTests {
    @Test func `progress stands between what the program prints before and after it`() async throws
    {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            print("first")
            try train(.line)
            print("second")
            try train(.bar)
            print("third")
        }
        let text = String(decoding: result.standardOutputContent, as: UTF8.self)
        let marks = ["first", "Epoch 1/1 - ", "second", "Epoch 1/1\n", "third"]
        var rest = text[...]
        for mark in marks {
            let range = rest.range(of: mark)
            #expect(range != nil, "\(mark) in \(text)")
            if let range { rest = rest[range.upperBound...] }
        }
    }

    @Test func `a debug build says once that a release build is faster, and nothing when silent`()
        async throws
    {
        let hasShown = Mutex(false)
        let isDue = [Verbosity.silent, .line, .bar].map { DebugBuildNote.isDue($0, hasShown) }
        #expect(isDue == [false, true, false])
        #if DEBUG
        let loud = try await #require(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) {
            try train(.line)
            try train(.line)
        }
        let text = String(decoding: loud.standardErrorContent, as: UTF8.self)
        #expect(text.components(separatedBy: DebugBuildNote.text).count == 2)
        let silent = try await #require(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) { try train(.silent) }
        #expect(
            !String(decoding: silent.standardErrorContent, as: UTF8.self)
                .contains(DebugBuildNote.text))
        #endif
        #expect(DebugBuildNote.text.contains("swift run -c release"))
    }
}
