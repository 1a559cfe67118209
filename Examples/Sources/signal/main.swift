// Tells the shape of noisy waves with one-dimensional convolutions, on data that it makes.
//
//     swift run -c release --package-path Examples signal

import Foundation
import Strata

enum Wave: Int, CaseIterable {
    case sine
    case square
    case sawtooth
    case noise

    /// One period is 0 ..< 1.
    func value(at position: Double, using generator: inout RandomGenerator) -> Double {
        let phase = position - position.rounded(.down)
        switch self {
        case .sine: return sin(2 * .pi * phase)
        case .square: return phase < 0.5 ? 1 : -1
        case .sawtooth: return 2 * phase - 1
        case .noise: return Double(generator.normal())
        }
    }
}

/// Waves of random frequency and phase under noise.
struct Waves: SampleSource {
    static let length = 128
    let count: Int
    let seed: UInt64

    func batch(of indices: [Int]) -> Batch {
        var (x, y): ([Float], [Int32]) = ([], [])
        for index in indices {
            // A sample follows from its number, so that threads may make it in any order.
            var generator = RandomGenerator(seed: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
            let wave = Wave.allCases[index % Wave.allCases.count]
            let frequency = Double.random(in: 2...8, using: &generator) / Double(Self.length)
            let phase = Double.random(in: 0..<1, using: &generator)
            for step in 0..<Self.length {
                let value = wave.value(at: Double(step) * frequency + phase, using: &generator)
                x.append(Float(value) + 0.3 * generator.normal())
            }
            y.append(Int32(wave.rawValue))
        }
        return Batch(x: Tensor(x, shape: [indices.count, Self.length, 1]), y: Tensor(y))
    }
}

setRandomSeed(1)
let model = try Sequential {
    Input(shape: [Waves.length, 1])
    Conv1D(16, kernelSize: 7, activation: .relu)
    MaxPooling1D(2)
    Conv1D(32, kernelSize: 5, activation: .relu)
    MaxPooling1D(2)
    Conv1D(64, kernelSize: 5, activation: .relu)
    GlobalMaxPooling1D()
    Dense(Wave.allCases.count, activation: .softmax)
}
try model.compile(
    optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
try model.fit(
    Waves(count: 4000, seed: 1).batched(32).shuffled().prefetched(), epochs: 5,
    validationData: Waves(count: 400, seed: 2).batched(100))
