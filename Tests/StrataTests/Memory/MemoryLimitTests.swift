import CAllocationCounter
import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Memory that is not there is an error, and what needs less goes on.
///
/// Each test has a process of its own, with as little memory as it sets (`ulimit -v`).
@Suite(.disabled(if: hasSanitizer, "a sanitizer takes memory of its own"))
struct MemoryLimitTests {
    /// Leaves so many bytes to this process beside those that it has.
    private static func leave(_ byteCount: Int) throws {
        ac_share_arena()
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").first.flatMap { Int($0) })
        let most = pages * sysconf(Int32(_SC_PAGESIZE)) + byteCount
        var limit = rlimit(rlim_cur: rlim_t(most), rlim_max: rlim_t(most))
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
    }

    private static let mebibyte = 1 << 20

    /// Expects an error that says how much memory something needs.
    private static func expectShortage<R>(_ what: String, _ body: () throws -> R) {
        do {
            _ = try body()
            Issue.record("\(what): there was memory")
        } catch {
            let text = "\(error)"
            #expect(
                text.contains(what) && text.contains("iB of memory and 32 MiB in reserve, and ")
                    && text.contains(" are free"), "\(text)")
        }
    }

    private static func network() throws -> Model {
        let model = try Sequential {
            Input(shape: [32, 32, 1])
            Conv2D(16, kernelSize: 3, padding: .same, activation: .relu)
            Conv2D(16, kernelSize: 3, padding: .same)
            GlobalAveragePooling2D()
            Dense(5, activation: .softmax)
        }
        try model.compile(optimizer: SGD(), loss: .sparseCategoricalCrossentropy)
        return model
    }

    private static func pictures(_ count: Int) -> Tensor {
        Tensor(repeating: 0.5, shape: [count, 32, 32, 1])
    }

    private static func classes(_ count: Int) -> Tensor {
        Tensor((0..<count).map { Int32($0 % 5) })
    }

    /// The activations of a batch of 8,000 take half a gibibyte each.
    @Test func `training and predictions say how much they need, and smaller ones work`() async {
        await #expect(processExitsWith: .success) {
            let model = try Self.network()
            let predictor = try Predictor(model)
            let (x, y) = (Self.pictures(8000), Self.classes(8000))
            try model.trainOnBatch(Self.pictures(8), Self.classes(8))
            _ = try predictor.predict(Self.pictures(1))
            try Self.leave(400 * Self.mebibyte)
            Self.expectShortage("the plan") { try model.trainOnBatch(x, y) }
            Self.expectShortage("the plan") { try model.predictOnBatch(x) }
            Self.expectShortage("the plan") { try model.evaluate(x, y, batchSize: 8000) }
            try model.fit(x, y, batchSize: 8, verbose: .silent, stepsPerEpoch: 2)
            #expect(try model.predict(Self.pictures(40)).shape == [40, 5])
            #expect(try predictor.predict(Self.pictures(40)).shape == [40, 5])
        }
    }

    @Test func `outputs that do not fit`() async {
        await #expect(processExitsWith: .success) {
            // A picture of 4 MB for a sample.
            let model = try Sequential {
                Input(shape: [32, 32, 1])
                UpSampling2D(32)
            }
            let predictor = try Predictor(model)
            let x = Self.pictures(128)
            #expect(try model.predict(Self.pictures(1)).count == 1 << 20)
            #expect(try predictor.predict(Self.pictures(1)).count == 1 << 20)
            try Self.leave(300 * Self.mebibyte)
            #expect(throws: (any Error).self) { try model.predict(x) }
            #expect(throws: (any Error).self) { try predictor.predict(x) }
            #expect(try model.predict(Self.pictures(2)).count == 2 << 20)
            #expect(try predictor.predict(Self.pictures(1)).count == 1 << 20)
        }
    }

    @Test func `weights and the optimizer's state`() async {
        await #expect(processExitsWith: .success) {
            try Self.leave(160 * Self.mebibyte)
            Self.expectShortage("weight kernel") {
                try Sequential {
                    Input(shape: [1 << 13])
                    // More than is left, and less than the whole limit, for which there is another error.
                    Dense(6 << 10)
                }
            }
            // 48 MB of weights, and twice as much for Adam.
            let model = try Sequential {
                Input(shape: [1 << 12])
                Dense(3 << 10, kernelInitializer: Zeros())
            }
            try model.compile(optimizer: Adam(), loss: .meanSquaredError)
            let (x, y) = (
                Tensor(repeating: 0, shape: [1, 1 << 12]),
                Tensor(repeating: 0, shape: [1, 3 << 10])
            )
            Self.expectShortage("the optimizer's state") { try model.trainOnBatch(x, y) }
            Self.expectShortage("the optimizer's state") {
                try model.fit(x, y, verbose: .silent)
            }
        }
    }

    /// A training step has brought the kernel, of 64 MiB, into the engine's memory.
    @Test func `a weight that cannot be copied`() async {
        await #expect(processExitsWith: .success) {
            let model = try Sequential {
                Input(shape: [1 << 12])
                Dense(1 << 12, kernelInitializer: Zeros())
            }
            try model.compile(optimizer: SGD(), loss: .meanSquaredError)
            let x = Tensor(repeating: 0, shape: [1, 1 << 12])
            try model.trainOnBatch(x, x)
            let (kernel, bias) = (model.weights[0], model.weights[1])
            try Self.leave(80 * Self.mebibyte)
            Self.expectShortage("a copy") { try kernel.value }
            let error = #expect(throws: VariableError.self) { try kernel.value }
            // One fix, that of a variable.
            #expect(error?.description.split(separator: "\n").count == 2)
            #expect(error?.description.contains("fix: free memory and try again") == true)
            #expect(try bias.value == Tensor(repeating: 0, shape: [1 << 12]))
        }
    }

    /// Stacks take 8 MiB each.
    @Test func `fewer threads compute where no more can be started`() async {
        await #expect(processExitsWith: .success) {
            let (x, y) = (Self.pictures(64), Self.classes(64))
            let model = try Self.network()
            setThreadCount(64)
            try Self.leave(200 * Self.mebibyte)
            try model.fit(x, y, verbose: .silent)
            #expect(try model.predict(x).shape == [64, 5])
        }
    }

    @Test func `threads that cannot be started are an error`() async {
        await #expect(processExitsWith: .success) {
            let data = try ArraySource(Self.pictures(8), Self.classes(8)).batched(4)
                .prefetched(2, threads: 2)
            let model = try Self.network()
            try Self.leave(4 * Self.mebibyte)
            let batches = data.batches(inEpoch: 0)
            #expect {
                var batches = batches
                _ = try batches.next()
            } throws: {
                "\($0)".contains("no thread could be started")
            }
            #expect { try Predictor(model) } throws: {
                "\($0)".contains("no thread could be started")
            }
        }
    }

    /// As a training step and predictions make and use them.
    private static func work() throws -> [Tensor] {
        try SeedStream.$own.withValue(SeedStream(seed: 1)) {
            let model = try network()
            let losses = try (0..<2).map { _ in
                try model.trainOnBatch(pictures(8), classes(8))["loss"] ?? 0
            }
            return [
                Tensor(losses), try model.predictOnBatch(pictures(2)),
                try Predictor(model).predict(pictures(2)),
            ]
        }
    }

    /// `STRATA_REFUSALS=1` refuses each request in turn, not only some.
    @Test func `memory that is refused to the engine is an error, whenever that is`() async {
        await #expect(processExitsWith: .success) {
            setThreadCount(1)
            let expected = try Self.work()
            ac_refuse(-1, 0)
            _ = try Self.work()
            let count = ac_requests()
            #expect(count > 10)
            let isThorough = ProcessInfo.processInfo.environment["STRATA_REFUSALS"] != nil
            var failures = 0
            for request in stride(from: 0, to: count, by: isThorough ? 1 : max(count / 24, 1)) {
                for stays in [0, 1] as [Int32] {
                    if isThorough { print("request \(request) of \(count), \(stays)") }
                    ac_refuse(request, stays)
                    let result = Result { try Self.work() }
                    ac_refuse(-1, 0)
                    switch result {
                    // Another algorithm may have been found, which rounds differently.
                    case .success(let values):
                        for (value, expected) in zip(values, expected) {
                            #expect(
                                zip(value.scalars, expected.scalars).allSatisfy {
                                    abs($0 - $1) < 1e-4
                                }, "request \(request)")
                        }
                    case .failure: failures += 1
                    }
                }
            }
            #expect(failures > 0)
            #expect(try Self.work() == expected)
            print("\(count) requests, \(failures) errors")
        }
    }
}
