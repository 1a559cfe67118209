// Tells bodies in a volume with three-dimensional convolutions, on data that it makes.
//
//     swift run -c release --package-path Examples volume

import Strata

enum Body: Int, CaseIterable {
    case ball
    case cube
    case rod

    /// Whether a point, seen from the middle, lies within a body of that radius.
    func contains(_ x: Double, _ y: Double, _ z: Double, radius: Double) -> Bool {
        switch self {
        case .ball: x * x + y * y + z * z <= radius * radius
        case .cube: max(abs(x), abs(y), abs(z)) <= radius * 0.8
        case .rod: x * x + y * y <= radius * radius / 6 && abs(z) <= radius * 1.5
        }
    }
}

/// Bodies of random size and place under noise, as a scanner might see them.
struct Scans: SampleSource {
    static let side = 16
    let count: Int
    let seed: UInt64

    func batch(of indices: [Int]) -> Batch {
        var (x, y): ([Float], [Int32]) = ([], [])
        let side = Self.side
        for index in indices {
            var generator = RandomGenerator(seed: seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
            let body = Body.allCases[index % Body.allCases.count]
            let radius = Double.random(in: 3...5, using: &generator)
            let middle = (0..<3).map { _ in Double.random(in: 6...10, using: &generator) }
            for position in 0..<side * side * side {
                let isInside = body.contains(
                    Double(position % side) - middle[0], Double(position / side % side) - middle[1],
                    Double(position / side / side) - middle[2], radius: radius)
                x.append((isInside ? 1 : 0) + 0.4 * generator.normal())
            }
            y.append(Int32(body.rawValue))
        }
        return Batch(x: Tensor(x, shape: [indices.count, side, side, side, 1]), y: Tensor(y))
    }
}

setRandomSeed(1)
let model = try Sequential {
    Input(shape: [Scans.side, Scans.side, Scans.side, 1])
    Conv3D(8, kernelSize: 3, activation: .relu)
    MaxPooling3D(2)
    Conv3D(16, kernelSize: 3, activation: .relu)
    MaxPooling3D(2)
    Flatten()
    Dense(32, activation: .relu)
    Dense(Body.allCases.count, activation: .softmax)
}
try model.compile(
    optimizer: Adam(), loss: .sparseCategoricalCrossentropy,
    metrics: [.accuracy])
try model.fit(
    Scans(count: 1500, seed: 1).batched(32).shuffled().prefetched(), epochs: 8,
    validationData: Scans(count: 150, seed: 2).batched(50))
