import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Damaged files of all kinds are read or refused, and nothing else happens.
///
/// A crash ends the whole run. `STRATA_FUZZ_COUNT` says how many files there are of each kind (100 unless
/// set), `STRATA_FUZZ_SEED` which ones; a run that is to find something has 20,000 of each.
@Suite struct FileFuzzTests {
    private static func number(_ name: String, default fallback: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? fallback
    }

    static let count = number("STRATA_FUZZ_COUNT", default: 100)
    static let seed = UInt64(number("STRATA_FUZZ_SEED", default: 20_261_125))

    enum Kind: String, CaseIterable {
        case archive
        case configuration
        case operations
        case weights
        case weightsFile
        case oldWeightsFile
        case safetensors
    }

    @Test(arguments: Kind.allCases)
    func `damaged files are read or refused`(kind: Kind) throws {
        var random = SplitMix(seed: Self.seed &+ UInt64(kind.rawValue.count))
        let models = try (ExchangedModel.all + ExchangedModel.trained).map { try $0.model() }
        let files = try models.map { try $0.kerasFile() }
        let operations = try KerasFile(KerasOperationTests.file())
        let fixed = try ["keras2.h5", "keras2_model.h5", "keras3_legacy.h5"].map {
            try HDF5FileTests.fixture(String($0.dropLast(3)))
        }
        var refused = 0
        for _ in 0..<Self.count {
            let index = Int(random.next() % UInt64(files.count))
            do {
                switch kind {
                case .archive:
                    let bytes = random.damaged(try files[index].bytes)
                    _ = try Model.load(KerasFile(bytes), compiled: true)
                case .configuration:
                    var file = files[index]
                    file.configuration = random.changed(file.configuration)
                    try use(try Model.load(file, compiled: true))
                case .operations:
                    var file = operations
                    file.configuration = random.changed(file.configuration)
                    try use(try Model.load(file, compiled: false))
                case .weights:
                    let image = random.damaged(try HDF5File.image(of: files[index].weights))
                    var file = files[index]
                    file.weights = try HDF5File.read(image)
                    _ = try Model.load(file, compiled: true)
                case .weightsFile:
                    let image = random.damaged(
                        try HDF5File.image(of: models[index].weightGroups()))
                    _ = try models[index].loadWeights(
                        HDF5File.read(image), byName: random.next() % 2 == 0,
                        skipMismatch: random.next() % 2 == 0)
                case .oldWeightsFile:
                    let image = random.damaged(fixed[Int(random.next() % UInt64(fixed.count))])
                    _ = try models[index].loadWeights(
                        HDF5File.read(image), byName: true, skipMismatch: true)
                case .safetensors:
                    let tensors = try Dictionary(
                        models[index].weights.map { ($0.name, try $0.value) },
                        uniquingKeysWith: { $1 })
                    _ = try Safetensors(bytes: random.damaged(Safetensors(tensors).bytes))
                }
            } catch {
                refused += 1
            }
        }
        // Damage that hits a weight's value cannot be seen; where nothing is refused nothing was tried.
        #expect(refused > Self.count / 20)
    }

    /// Predicts with a model that was read, where its input is no larger than it was.
    private func use(_ model: Model) throws {
        let shapes = model.inputs.map { input in input.shape.dimensions.dropFirst().map { $0 ?? 8 }
        }
        guard shapes.allSatisfy({ $0.reduce(1.0) { $0 * Double($1) } <= 1000 }) else { return }
        // A stride or a padding may make much of little.
        guard model.layers.count < 64, model.countParams() < 100_000 else { return }
        _ = try model.predictOnBatch(
            model.inputs.indices.map { index in
                Tensor.zeros([1] + shapes[index], dtype: model.inputs[index].dtype)
            })
    }
}

extension SplitMix {
    mutating func index(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    /// A copy with a few bytes changed, copied elsewhere or left out.
    mutating func damaged(_ original: [UInt8]) -> [UInt8] {
        var copy = original
        for _ in 0...index(6) where !copy.isEmpty {
            let place = index(copy.count)
            switch index(7) {
            case 0: copy[place] = UInt8(index(256))
            case 1: copy[place] = 0xFF
            case 2: copy[place] ^= 1 << UInt8(index(8))
            case 3: copy.removeLast(index(2) == 0 ? index(copy.count) : 0)
            case 4:
                // A large number where a size may stand.
                for offset in 0..<min(8, copy.count - place) {
                    copy[place + offset] = offset < 7 ? 0xFF : 0x7F
                }
            case 5: copy.remove(at: place)
            default:
                let source = index(copy.count)
                for offset in 0..<min(16, copy.count - max(place, source)) {
                    copy[place + offset] = copy[source + offset]
                }
            }
        }
        return copy
    }

    /// A document with a few values changed for others.
    fileprivate mutating func changed(_ original: JSONValue) -> JSONValue {
        var copy = original
        for _ in 0...index(3) { copy = replacing(in: copy, from: original, depth: 0) }
        return copy
    }

    private static let values: [JSONValue] = [
        .null, true, false, 0, 1, -1, 2, 3, 1000, .integer(.max), .integer(.min),
        .integer(1 << 31), 0.5, -0.5, .number(1e308), .number(.nan), .number(.infinity), "",
        "relu", "valid", "same", "causal", "channels_first", "float32", "Dense", [], [:],
        [1, 1], [0, 0], [-1, -1], [1, 2, 3], [[1, 2], [3, 4]],
    ]

    private mutating func replacing(
        in value: JSONValue, from all: JSONValue, depth: Int
    ) -> JSONValue {
        if depth > 0, index(6) == 0 {
            return index(3) == 0 ? part(of: all) : Self.values[index(Self.values.count)]
        }
        switch value {
        case .array(var items) where !items.isEmpty:
            let place = index(items.count)
            switch index(12) {
            case 0: items.remove(at: place)
            case 1: items.append(items[place])
            default: items[place] = replacing(in: items[place], from: all, depth: depth + 1)
            }
            return .array(items)
        case .object(var members) where !members.isEmpty:
            let keys = members.keys.sorted()
            let key = keys[index(keys.count)]
            if index(12) == 0 {
                members[key] = nil
            } else {
                members[key] = members[key].map { replacing(in: $0, from: all, depth: depth + 1) }
            }
            return .object(members)
        case .null, .bool, .integer, .number, .string, .array, .object:
            return Self.values[index(Self.values.count)]
        }
    }

    /// Some value that stands in the document.
    private mutating func part(of value: JSONValue) -> JSONValue {
        switch value {
        case .array(let items) where !items.isEmpty && index(8) > 0:
            return part(of: items[index(items.count)])
        case .object(let members) where !members.isEmpty && index(8) > 0:
            let keys = members.keys.sorted()
            return part(of: members[keys[index(keys.count)]] ?? .null)
        case .null, .bool, .integer, .number, .string, .array, .object: return value
        }
    }
}
