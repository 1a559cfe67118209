import Foundation
import Strata
import StrataGraph
import StrataVisualization

/// Uses what a call has returned, as a caller would.
func show<Value>(_ value: Value, _ g: Values) throws {
    switch value {
    case let tensor as Tensor:
        _ = (tensor.description, tensor.scalars.count, tensor.byteCount)
    case let layer as Layer where !(layer is Model):
        let inputs = (0..<g.pick([1, 1, 1, 2])).map { _ in g.symbolic() }
        let outputs = inputs.count == 1 ? [layer(inputs[0])] : layer.outputs(of: inputs)
        let x = g.tensor()
        if let width = x.shape.first, width > 0, x.rank > 1 {
            let input = Input(shape: Shape(Array(x.shape.dropFirst())), dtype: x.dtype)
            _ = try Model(inputs: input, outputs: layer(input)).predict(x)
        }
        _ = outputs.map(\.shape)
    case let tensor as SymbolicTensor: _ = tensor.shape.description
    case let loss as any Loss:
        try train { try $0.compile(optimizer: SGD(), loss: loss) }
    case let metric as any Metric:
        try train {
            try $0.compile(
                optimizer: SGD(), loss: .sparseCategoricalCrossentropy(), metrics: [metric])
        }
    case let optimizer as any Optimizer:
        try train { try $0.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy()) }
    case let schedule as any LearningRateSchedule:
        try train {
            try $0.compile(
                optimizer: SGD(learningRate: schedule), loss: .sparseCategoricalCrossentropy())
        }
    case let initializer as any Initializer:
        let layer = Dense(3, kernelInitializer: initializer)
        _ = layer(.input("x", [2, 3]))
    case let drawing as Drawing: _ = (try drawing.svg(), drawing.pixels(scale: 1).count)
    case let text as String: _ = text.count
    default: break
    }

    func train(_ compile: (Model) throws -> Void) throws {
        let model = try Sequential([Dense(3, activation: .softmax)])
        try compile(model)
        try model.fit(
            Tensor.ones([4, 2]), Tensor([0, 1, 2, 1] as [Int32]), batchSize: 2, epochs: 1,
            verbose: .silent)
    }
}

/// Takes an entry: its name, whether its calls take long, and a call with values.
typealias Enter = (String, Bool, @escaping (Values) throws -> Void) -> Void

/// Calls the entries from one on; before each call, its place and its seed are written to a file.
///
/// The arguments: the first entry, its first seed, calls of each entry, the file, and a word that names
/// of entries contain. Slow entries are left out if there are fewer than ten calls of each. Values
/// depend on the entry's name and the seed, not on the other entries.
@main struct Program {
    static func main() throws {
        setvbuf(stdout, nil, _IOLBF, 0)
        let arguments = CommandLine.arguments
        var entries: [(name: String, isSlow: Bool, call: (Values) throws -> Void)] = []
        addEntries { entries.append(($0, $1, $2)) }
        if arguments.count < 5 {
            for entry in entries { print(entry.name) }
            return
        }
        let (start, firstSeed) = (Int(arguments[1]) ?? 0, Int(arguments[2]) ?? 0)
        let count = Int(arguments[3]) ?? 1
        guard let progress = fopen(arguments[4], "w") else { return }
        let word = arguments.count > 5 ? arguments[5] : ""
        for index in start..<max(start, entries.count)
        where (word.isEmpty || entries[index].name.contains(word))
            && (count >= 10 || !entries[index].isSlow)
        {
            let begin = Date()
            var thrown = 0
            var seed = index == start ? firstSeed : 0
            // A slow entry is called twice at least.
            while seed < count, seed < 2 || Date().timeIntervalSince(begin) < 0.4 {
                rewind(progress)
                fputs("\(index) \(seed) \(entries[index].name)\n", progress)
                fflush(progress)
                let key = entries[index].name.utf8.reduce(UInt64(seed)) {
                    $0 &* 1_000_003 &+ UInt64($1)
                }
                setRandomSeed(key)
                do {
                    try entries[index].call(Values(seed: key))
                } catch {
                    thrown += 1
                    _ = "\(error)"
                }
                clearSession()
                seed += 1
            }
            print("\(seed) \(thrown) \(entries[index].name)")
        }
        rewind(progress)
        fputs("done\n", progress)
        fflush(progress)
    }
}
