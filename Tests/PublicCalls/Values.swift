import Foundation
import Strata
import StrataGraph
import StrataSearch
import StrataVisualization

/// There is no value of a type: each way to make one has failed.
struct NoValue: Error {}

/// Values of the types of parameters: usual ones, and with a probability wrong, huge or negative ones.
///
/// The same seed gives the same values.
final class Values {
    private var random: RandomGenerator
    private let hostility: Float
    private let areFitting: Bool
    /// The number of tensors so far.
    private var count = 0
    private var depth = 0
    private var attempts = 0

    init(seed: UInt64) {
        random = RandomGenerator(seed: seed)
        hostility = [0.03, 0.15, 0.5][Int(random.next() % 3)]
        areFitting = random.next() % 2 == 0
    }

    func word() -> UInt64 { random.next() }

    func pick<Value>(_ values: [Value]) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    var isHostile: Bool { random.uniform() < hostility }

    func int() -> Int {
        isHostile
            ? pick([0, -1, -2, .max, .min, .max - 1, 1 << 33, 1 << 40, 1 << 62, 1000, -1 << 40])
            : pick([1, 1, 2, 3, 4, 0, 5])
    }

    func double() -> Double {
        isHostile
            ? pick([0, -1, .nan, .infinity, -.infinity, 1e300, -1e300, 5e-324, 1e19, 0x1p40, 300])
            : pick([0.5, 0.1, 0.25, 1, 2, 0.9])
    }

    func bool() -> Bool { pick([true, false]) }

    /// Names and paths; none of a folder that is there outside of the current one and the one around it, since
    /// some calls read all files of a folder, or remove it.
    func string() -> String {
        isHostile
            ? pick([
                "", " ", "..", "no/such", "/dev/null/a", "\u{0}", "é😀", "%s", "a:b", "sum", "{",
                "[1,",
                "x,y->",
            ])
            : pick(["conv", "dense", "loss", "accuracy", "a", "file.keras", "val_loss", "adam"])
    }

    func character() -> Character { pick([",", " ", "\n", "é"]) }

    func ints() -> [Int] {
        isHostile
            ? pick([
                [], [-1], [0], [.max], [.max, .max], [.min], [1 << 33, 1 << 33], [0, 0],
                [2, 2, 2, 2, 2],
            ])
            : (0..<pick([1, 2, 2, 3, 4])).map { _ in int() }
    }

    func shape() -> Shape {
        if isHostile {
            return pick([[], [nil], [nil, nil, nil], [-1], [nil, 0, 3], Shape(ints())])
        }
        return pick([[8, 8, 1], [3], [5, 3], [nil, 8, 8, 1], [4, 8, 8, 3], [8, 8, 3]])
    }

    func range() -> Range<Int> {
        let (a, b) = (int(), int())
        return min(a, b)..<max(a, b)
    }

    func closedRange() -> ClosedRange<Double> {
        let (a, b) = (double(), double())
        return a <= b ? a...b : b <= a ? b...a : 0...1
    }

    func wholeRange() -> ClosedRange<Int> {
        let (a, b) = (int(), int())
        return min(a, b)...max(a, b)
    }

    func index() -> any TensorIndex {
        switch random.next() % 8 {
        case 0: range()
        case 1: ints()
        case 2: int()...
        case 3: ..<int()
        case 4: ...int()
        case 5: stride(from: int(), to: int(), by: pick([1, 2, -1, .max, .min]))
        case 6: tensor()
        default: int()
        }
    }

    /// In half of the calls the first tensor has images that fit the model, and others their classes.
    func tensor() -> Tensor {
        if areFitting, !isHostile {
            count += 1
            return count == 1
                ? Tensor((0..<256).map { Float($0 % 7) / 7 }, shape: [4, 8, 8, 1])
                : Tensor([0, 1, 2, 1] as [Int32])
        }
        let shape: [Int] =
            isHostile
            ? pick([
                [], [0], [1, 1, 1, 1, 1], [0, 8, 8, 1], [8, 0], [1], [7, 8, 1], [2, 3, 4, 5, 6, 2],
            ])
            : pick([[4, 8, 8, 1], [4, 8, 8, 1], [8, 8, 1], [4, 3], [4], [8, 8, 3], [2, 2]])
        let count = shape.reduce(1, *)
        let values = (0..<count).map { index -> Float in
            isHostile && hostility > 0.1
                ? Float(double()) : shape.count == 1 ? Float(index % 3) : Float(index % 7) / 7
        }
        let tensor = Tensor(values, shape: shape)
        let type: DType =
            isHostile
            ? pick([.bfloat16, .uint8, .bool, .int32]) : shape.count == 1 ? .int32 : .float32
        return tensor.cast(to: type)
    }

    func symbolic() -> SymbolicTensor {
        if isHostile {
            return .input("x", shape(), dtype: pick([.float32, .int32, .bool, .uint8, .bfloat16]))
        }
        return pick([
            .input("x", [nil, 8, 8, 1]), .input("x", [nil, 3]), .input("x", [4, 8, 8, 3]),
            .input("x", [2, 3]), .constant(tensor()), .input("labels", [4], dtype: .int32),
        ])
    }

    func model() throws -> Model {
        let model = try Sequential([
            Conv2D(2, kernelSize: 3, name: "conv"), Flatten(name: "a"),
            Dense(3, activation: .softmax, name: "dense"),
        ])
        if isHostile { return model }
        try model.build(inputShape: [nil, 8, 8, 1])
        if isHostile { return model }
        try model.compile(
            optimizer: SGD(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        return model
    }

    func variable() throws -> Variable {
        guard let variable = try model().weights.first else { throw NoValue() }
        return variable
    }

    func context() throws -> CallContext {
        var found: CallContext?
        let function = TracedFunction(isTraining: pick([true, false])) { inputs, context in
            found = context
            return inputs
        }
        try function([Tensor([1, 2])])
        guard let found else { throw NoValue() }
        return found
    }

    /// The results of a search, which is made once.
    func results() throws -> SearchResults {
        let search = HyperparameterSearch(in: "trials", seed: 1) { hp in
            let units = try hp.int("units", minValue: 1, maxValue: 9)
            let model = try Sequential([
                Dense(units), Dense(3, useBias: try hp.boolean("bias")),
            ])
            let rate = try hp.float("rate", minValue: 0.01, maxValue: 1, sampling: .log)
            try model.compile(optimizer: SGD(learningRate: rate), loss: .meanSquaredError)
            return model
        }
        return try search.search(
            Tensor.ones([4, 2]), Tensor.ones([4, 3]), epochs: 1, budget: SearchBudget(trials: 3),
            verbose: .silent)
    }

    /// A run whose files have usual numbers, and some that are none or huge.
    func run() throws -> RunRecord {
        let folder = RunFolder("run")
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        let epochs = [1, 2, int(), 3, int()].map { epoch in
            let loss = pick(["0.5", "1e300", "-1", "\"NaN\"", "null", "\"a\"", "0.25"])
            return #"{"epoch": \#(epoch), "seconds": 0.1, "loss": \#(loss), "accuracy": 1}"#
        }
        try "{}".write(toFile: folder.file("settings.json"), atomically: true, encoding: .utf8)
        try epochs.joined(separator: "\n").write(
            toFile: folder.file("metrics.jsonl"), atomically: true, encoding: .utf8)
        return try RunRecord(folder)
    }

    /// What is thrown where a model is not there.
    func fileError() throws -> FileError {
        do {
            _ = try Model.load(from: "no/\(string())")
        } catch {
            return error
        }
        throw NoValue()
    }

    // How values are composed.

    func optional<Value>(_ value: @autoclosure () throws -> Value) rethrows -> Value? {
        pick([true, true, false]) ? try value() : nil
    }

    func seldom<Value>(_ value: @autoclosure () throws -> Value?) rethrows -> Value? {
        pick([true, false]) ? try value() : nil
    }

    func usually<Value>(_ usual: Value, _ value: @autoclosure () throws -> Value) rethrows -> Value
    {
        pick([true, true, true, false]) ? usual : try value()
    }

    func list<Value>(_ most: Int, _ value: @autoclosure () throws -> Value) rethrows -> [Value] {
        try (0..<pick(Array(isHostile ? 0...most : 1...most))).map { _ in try value() }
    }

    func dictionary<Key: Hashable, Value>(
        _ key: @autoclosure () throws -> Key, _ value: @autoclosure () throws -> Value
    ) rethrows -> [Key: Value] {
        var result: [Key: Value] = [:]
        for _ in 0..<pick([0, 1, 2]) { result[try key()] = try value() }
        return result
    }

    func first<Value>(_ values: [Value]) throws -> Value {
        guard let value = values.first else { throw NoValue() }
        return value
    }

    func some<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw NoValue() }
        return value
    }

    /// One of some ways to make a value: another one if it throws.
    func trying<Value>(_ count: Int, _ make: (Int) throws -> Value) throws -> Value {
        depth += 1
        defer { depth -= 1 }
        // Attempts within attempts would be too many.
        attempts += 1
        guard depth < 8, count > 0, attempts < 100 else { throw NoValue() }
        for _ in 0..<3 {
            if let value = try? make(Int(random.next() % UInt64(count))) { return value }
        }
        return try make(Int(random.next() % UInt64(count)))
    }
}
