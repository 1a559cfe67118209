import Foundation
import Synchronization

/// A seeded random generator: Philox 4×32-10 (Salmon et al., 2011).
///
/// Counter-based, so that any position of the stream is accessible directly.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
    private let key: UInt64
    private var counter: UInt64 = 0
    private var words: [UInt64] = []

    public init(seed: UInt64) {
        key = seed
    }

    public mutating func next() -> UInt64 {
        if words.isEmpty {
            let block = RandomGenerator.block(key: key, counter: counter)
            words = [
                UInt64(block.2) << 32 | UInt64(block.3), UInt64(block.0) << 32 | UInt64(block.1),
            ]
            counter += 1
        }
        return words.removeLast()
    }

    /// A uniform value in 0 ..< 1.
    public mutating func uniform() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// A standard normal value (Box and Muller, 1958).
    public mutating func normal() -> Float {
        let radius = (-2 * Foundation.log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
        return Float(radius * Foundation.cos(2 * .pi * Double(next() >> 11) * 0x1p-53))
    }

    /// A standard normal value, drawn again while it is beyond ±2.
    mutating func truncatedNormal() -> Float {
        while true {
            let number = normal()
            if abs(number) <= 2 { return number }
        }
    }

    /// Draws from this stream, or from one of its own with a seed.
    mutating func drawing<T>(seed: Int?, _ body: (inout RandomGenerator) -> T) -> T {
        guard let seed else { return body(&self) }
        var own = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)))
        return body(&own)
    }

    /// A tensor, drawn element by element.
    ///
    /// - Precondition: no dimension is negative, and memory holds the elements.
    mutating func tensor(
        _ shape: [Int], seed: Int?, _ element: (inout RandomGenerator) -> Float
    ) -> Tensor {
        drawing(seed: seed) { generator in
            Tensor.zeros(shape).applying { _ in element(&generator) }
        }
    }

    private static func block(key: UInt64, counter: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
        var (k0, k1) = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
        var c = (
            UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32),
            UInt32(0), UInt32(0)
        )
        for _ in 0..<10 {
            let a = UInt64(c.0) * 0xD251_1F53
            let b = UInt64(c.2) * 0xCD9E_8D57
            c = (
                UInt32(b >> 32) ^ c.1 ^ k0, UInt32(truncatingIfNeeded: b),
                UInt32(a >> 32) ^ c.3 ^ k1, UInt32(truncatingIfNeeded: a)
            )
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return c
    }

    /// A seed that follows from this one and `salt`, for a stream of its own.
    package static func derived(_ seed: UInt64, salt: UInt64) -> UInt64 {
        let block = block(key: seed, counter: salt)
        return UInt64(block.0) << 32 | UInt64(block.1)
    }

    /// The next seed of the program's own stream: random unless ``setRandomSeed(_:)`` was called.
    package static func nextSeed() -> UInt64 { SeedStream.current.next() }
}

/// The stream of seeds for all random values.
package final class SeedStream: Sendable {
    private let state: Mutex<(seed: UInt64?, drawn: UInt64)>

    /// - Parameter seed: the seed of all others; drawn on first use if left out.
    package init(seed: UInt64? = nil) {
        state = Mutex((seed, 0))
    }

    private static let shared = SeedStream()

    /// A stream for one task, so that concurrent tests do not disturb each other's seeds.
    @TaskLocal package static var own: SeedStream?

    static var current: SeedStream { own ?? shared }

    func next() -> UInt64 {
        state.withLock { state in
            let seed = state.seed ?? .random(in: .min ... .max)
            state.seed = seed
            state.drawn += 1
            return RandomGenerator.derived(seed, salt: state.drawn)
        }
    }

    /// A place in the stream.
    struct Position: Hashable {
        /// The seed of all others, once one was drawn.
        var seed: UInt64?
        /// The number of seeds drawn so far.
        var drawn: UInt64
    }

    /// The place in the stream, from which it goes on when set.
    var position: Position {
        get { state.withLock { Position(seed: $0.seed, drawn: $0.drawn) } }
        set { state.withLock { $0 = (newValue.seed, newValue.drawn) } }
    }

    fileprivate func restart(_ seed: UInt64) { state.withLock { $0 = (seed, 0) } }
}

/// Seeds all random values that follow: initial weights, shuffling, dropout.
///
/// The same seed and the same program give the same bits on the same machine. Keras's
/// `keras.utils.set_random_seed`.
public func setRandomSeed(_ seed: UInt64) {
    SeedStream.current.restart(seed)
}
