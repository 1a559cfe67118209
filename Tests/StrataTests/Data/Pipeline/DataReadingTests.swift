import Foundation
import StrataTestSupport
import Synchronization
import Testing

@testable import Strata

/// Reading that is stopped while it lasts.
@Suite struct DataReadingTests {
    /// What is read, and how often it looks whether it is still wanted: the pictures that are drawn, the
    /// files of a folder, the pictures of a batch.
    enum Reading: CaseIterable {
        case shapes
        case folder
        case batch

        var lookCount: Int {
            switch self {
            case .shapes: 50
            case .folder, .batch: 6
            }
        }

        func read(_ folder: TemporaryFolder) throws {
            switch self {
            case .shapes: _ = try Shapes.load(trainCount: 40, testCount: 10)
            case .folder: _ = try imageDataset(fromDirectory: folder.path)
            case .batch:
                let files = folder.files.map { "\(folder.path)/\($0)" }
                let source = ImageFiles(
                    files, targets: nil,
                    loading: ImageLoading(
                        colorMode: .rgb, height: 1, width: 1, interpolation: .nearest,
                        fit: .stretch, isReduced: false), isStrict: false)
                // A picture that is not read is not a damaged one.
                defer { #expect(source.damaged.isEmpty) }
                _ = try source.batch(of: Array(files.indices))
            }
        }
    }

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let png = try ImageEncoder.png(Tensor([UInt8](repeating: 7, count: 3), shape: [1, 1, 3]))
        for name in ["a/1", "a/2", "a/deep/3", "b/1", "b/2", "b/3"] {
            try folder.write(png, to: "\(name).png")
        }
        return folder
    }

    @Test(arguments: Reading.allCases)
    func `reading ends at the next picture or file when the data is no longer wanted`(
        reading: Reading
    ) throws {
        let folder = try Self.folder()
        for last in [1, 3, reading.lookCount] {
            let looks = Mutex(0)
            let isUnwanted: @Sendable () -> Bool = {
                looks.withLock { count in
                    count += 1
                    return count >= last
                }
            }
            #expect(throws: DataError.stopped) {
                try DataReading.stopping(when: isUnwanted) { try reading.read(folder) }
            }
            #expect(looks.withLock(\.self) == last)
        }
    }

    @Test(arguments: Reading.allCases)
    func `reading that is wanted goes on to its end`(reading: Reading) throws {
        let folder = try Self.folder()
        let looks = Mutex(0)
        let isUnwanted: @Sendable () -> Bool = {
            looks.withLock { $0 += 1 }
            return false
        }
        try DataReading.stopping(when: isUnwanted) { try reading.read(folder) }
        #expect(looks.withLock(\.self) == reading.lookCount)
    }

    @Test func `sets in files are not read when they are not wanted`() throws {
        #expect(throws: DataError.stopped) {
            try DataReading.stopping(when: { true }) {
                _ = try IDXFile.read("/nowhere", row: [28, 28], limit: 1)
            }
        }
        #expect(throws: DataError.stopped) {
            try DataReading.stopping(when: { true }) {
                _ = try CIFARFile.read(
                    ["/nowhere"], recordCount: 1, classCounts: [10], labelIndex: 0)
            }
        }
    }

    @Test func `threads that read ahead end with the one that waits for them`() throws {
        let batches = DataReading.stopping(when: { true }) {
            PrefetchedBatches(
                ahead: 1,
                makers: [
                    { _ in
                        try DataReading.checkWanted()
                        return nil
                    }
                ])
        }
        #expect(throws: DataError.stopped) { try batches.next() }
    }

    @Test func `a batch that is no longer wanted is not waited for`() throws {
        let gate = DispatchSemaphore(value: 0)
        defer { gate.signal() }
        let batches = PrefetchedBatches(
            ahead: 1,
            makers: [
                { _ in
                    gate.wait()
                    return nil
                }
            ])
        #expect(throws: DataError.stopped) {
            try DataReading.stopping(when: { true }) { try batches.next() }
        }
    }

    @Test func `training that is no longer wanted ends within its first batch`() throws {
        let folder = try Self.folder()
        let data = try imageDataset(fromDirectory: folder.path, batchSize: 6, imageSize: 1)
        let model = try Sequential {
            Input(shape: [1, 1, 3])
            Flatten()
            Dense(2, activation: .softmax)
        }
        try model.compile(optimizer: SGD(), loss: .sparseCategoricalCrossentropy)
        let looks = Mutex(0)
        let isUnwanted: @Sendable () -> Bool = {
            looks.withLock { count in
                count += 1
                return count >= 3
            }
        }
        let begins = Mutex(0)
        let callback = LambdaCallback(onTrainBegin: { begins.withLock { $0 += 1 } })
        #expect(throws: DataError.stopped) {
            try DataReading.stopping(when: isUnwanted) {
                try model.fit(data, verbose: .silent, callbacks: [callback])
            }
        }
        #expect(begins.withLock(\.self) == 0)
    }
}
