import CKernels
import Foundation
import Testing

/// Batch normalization and its gradient, called directly, against plain loops in `Double`.
@Suite struct BatchNormalizationCallTests {
    struct Setting: Sendable, CustomStringConvertible {
        var batch: Int
        var positions: Int
        var channels: Int
        var block: Int
        var hasRelu = false
        var masksBySource = false
        var isBfloat16 = false

        var description: String {
            "\(batch) x \(positions) x \(channels) in blocks of \(block)"
                + (hasRelu ? ", ReLU behind" : "") + (masksBySource ? ", ReLU before" : "")
                + (isBfloat16 ? ", bfloat16" : "")
        }
        var blocks: Int { (channels + block - 1) / block }
        var count: Int { batch * blocks * positions * block }

        /// The channel of an element of memory; none in the padding of the last block.
        func channel(_ index: Int) -> Int? {
            let channel = index / block / positions % blocks * block + index % block
            return channel < channels ? channel : nil
        }

        func perChannel(_ x: [Double]) -> [[Double]] {
            var values = [[Double]](repeating: [], count: channels)
            for (index, x) in x.enumerated() {
                if let channel = channel(index) { values[channel].append(x) }
            }
            return values
        }
    }

    /// Blocks of 1, 5, 8, 16, 32 and 48 channels; a padded last block; one tile and many.
    private static let settings = [
        Setting(batch: 1, positions: 1, channels: 1, block: 1),
        Setting(batch: 3, positions: 7, channels: 5, block: 5, hasRelu: true),
        Setting(batch: 2, positions: 10, channels: 13, block: 8, masksBySource: true),
        Setting(batch: 4, positions: 9, channels: 40, block: 16, hasRelu: true),
        Setting(batch: 2, positions: 6, channels: 48, block: 48, isBfloat16: true),
        Setting(batch: 5, positions: 150, channels: 32, block: 32, masksBySource: true),
        Setting(
            batch: 20, positions: 120, channels: 16, block: 16, hasRelu: true, isBfloat16: true),
    ]
    private static let epsilon: Float = 1e-3

    /// The parts of memory that calls share.
    private final class Case {
        let setting: Setting
        /// Multiples of 1/4 below 8, which bfloat16 has too; 0 in the padding.
        let x: [Double]
        let scale: Cells<Float>
        let shift: Cells<Float>
        let scratchpad: Cells<Double>

        init(_ setting: Setting) {
            self.setting = setting
            x = integers(setting.count, limit: 31, times: 0.25).enumerated().map {
                setting.channel($0) == nil ? 0 : Double($1)
            }
            scale = Cells((0..<setting.channels).map { Float($0 % 5 + 2) / 4 })
            shift = Cells((0..<setting.channels).map { Float($0 % 7 - 3) / 8 })
            let values = 2 * Int(STRATA_BATCH_NORMALIZATION_PARTITIONS) + 3
            scratchpad = Cells(
                [Double](repeating: 9e9, count: values * setting.blocks * setting.block))
        }

        var moments: [(mean: Double, variance: Double)] {
            setting.perChannel(x).map { x in
                let mean = x.reduce(0, +) / Double(x.count)
                return (mean, x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count))
            }
        }

        func factor(_ channel: Int, _ variance: Double) -> Double {
            Double(scale.values[channel]) / (variance + Double(epsilon)).squareRoot()
        }

        func normalized(_ x: Double, _ channel: Int, _ moment: (mean: Double, variance: Double))
            -> Double
        {
            (x - moment.mean) * factor(channel, moment.variance) + Double(shift.values[channel])
        }

        func raw() -> strata_batch_normalization {
            var raw = strata_batch_normalization()
            (raw.batch, raw.positions) = (Int64(setting.batch), Int64(setting.positions))
            (raw.blocks, raw.block) = (Int64(setting.blocks), Int64(setting.block))
            (raw.channels, raw.epsilon) = (Int64(setting.channels), epsilon)
            raw.is_bfloat16 = setting.isBfloat16 ? 1 : 0
            raw.has_relu = setting.hasRelu ? 1 : 0
            raw.masks_by_source = setting.masksBySource ? 1 : 0
            (raw.scale, raw.shift) = (scale.pointer, shift.pointer)
            raw.scratchpad = scratchpad.base
            return raw
        }
    }

    /// Values in float32 or bfloat16, which have to hold them exactly.
    private static func stored(_ x: [Double], isBfloat16: Bool) -> Cells<UInt8> {
        Cells(
            x.flatMap { value -> [UInt8] in
                let bytes = withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) }
                return isBfloat16 ? Array(bytes[2...]) : bytes
            })
    }

    private static func floats(_ cells: Cells<UInt8>, isBfloat16: Bool) -> [Float] {
        let (bytes, size) = (cells.values, isBfloat16 ? 2 : 4)
        return stride(from: 0, to: bytes.count, by: size).map { first in
            let bits = (0..<size).reduce(UInt32(0)) { $0 | UInt32(bytes[first + $1]) << (8 * $1) }
            return Float(bitPattern: isBfloat16 ? bits << 16 : bits)
        }
    }

    /// Sums of at most 128 terms in float32 have a relative error of 128 units.
    ///
    /// That of the factor that follows from them is half of it. bfloat16 rounds the result to 8 bits, which is 2¹⁶ units.
    @Test(arguments: settings)
    func `forward`(setting: Setting) {
        let own = Case(setting)
        let source = Self.stored(own.x, isBfloat16: setting.isBfloat16)
        let result = Cells([UInt8](repeating: 9, count: source.values.count))
        let (mean, variance) = (
            Cells.unwritten(setting.channels), Cells.unwritten(setting.channels)
        )
        var arguments = own.raw()
        (arguments.source, arguments.result) = (.init(source.base), .init(result.base))
        (arguments.mean, arguments.variance) = (mean.base, variance.base)
        call(
            strata_run_batch_normalization, arguments, reading: [own, source],
            writing: [result, mean, variance])
        let moments = own.moments
        expect(mean.values, moments.map(\.mean), units: 128)
        expect(variance.values, moments.map(\.variance), units: 128)
        let expected = own.x.enumerated().map { index, x in
            guard let channel = setting.channel(index) else { return 0.0 }
            let y = own.normalized(x, channel, moments[channel])
            return setting.hasRelu ? max(y, 0) : y
        }
        expect(
            Self.floats(result, isBfloat16: setting.isBfloat16), expected,
            units: setting.isBfloat16 ? 65_536 + 128 : 128)
    }

    @Test func `NaN is propagated to its channel alone`() {
        let own = Case(Self.settings[1])
        var x = own.x
        x[8] = .nan
        let source = Self.stored(x, isBfloat16: false)
        let result = Cells([UInt8](repeating: 9, count: source.values.count))
        let (mean, variance) = (Cells.unwritten(5), Cells.unwritten(5))
        var arguments = own.raw()
        (arguments.source, arguments.result) = (.init(source.base), .init(result.base))
        (arguments.mean, arguments.variance) = (mean.base, variance.base)
        call(
            strata_run_batch_normalization, arguments, reading: [own, source],
            writing: [result, mean, variance])
        #expect(mean.values.indices.filter { mean.values[$0].isNaN } == [3])
        let y = Self.floats(result, isBfloat16: false)
        #expect(y.indices.allSatisfy { y[$0].isNaN == (own.setting.channel($0) == 3) })
    }

    /// The gradient that arrives is of multiples of 1/4 up to 2, the same in bfloat16.
    private static func gradient(_ setting: Setting) -> [Double] {
        integers(setting.count + 3, limit: 8, times: 0.25).dropFirst(3).enumerated().map {
            setting.channel($0) == nil ? 0 : Double($1)
        }
    }

    /// With statistics that are given, the errors are those of sums of at most 128 terms in float32: 128 units of
    /// the sums of the absolute terms, which are below 2 · 8 a term, and of the gradients' three summands, which are
    /// below 64 in all: 2 and 2 + 8 · 16 · 8 / 8 / 8 times a factor below 2.
    @Test(arguments: settings.dropFirst())
    func `the gradients of source, scale and shift`(setting: Setting) {
        let own = Case(setting)
        let moments = own.moments.map {
            (mean: Double(Float($0.mean)), variance: Double(Float($0.variance)))
        }
        var g = Self.gradient(setting)
        let given = Self.stored(g, isBfloat16: setting.isBfloat16)
        for (index, x) in own.x.enumerated() where setting.hasRelu {
            guard let channel = setting.channel(index) else { continue }
            if own.normalized(x, channel, moments[channel]) <= 0 { g[index] = 0 }
        }
        let source = Self.stored(own.x, isBfloat16: setting.isBfloat16)
        let result = Cells([UInt8](repeating: 9, count: source.values.count))
        let (mean, variance) = (
            Cells(moments.map { Float($0.mean) }), Cells(moments.map { Float($0.variance) })
        )
        let (scale, shift) = (
            Cells.unwritten(setting.channels), Cells.unwritten(setting.channels)
        )
        var arguments = own.raw()
        (arguments.source, arguments.result) = (.init(source.base), .init(result.base))
        (arguments.gradient, arguments.mean) = (.init(given.base), mean.base)
        arguments.variance = variance.base
        (arguments.scale_gradient, arguments.shift_gradient) = (scale.base, shift.base)
        call(
            strata_run_batch_normalization_backward, arguments,
            reading: [own, source, given, mean, variance], writing: [result, scale, shift])

        let count = Double(setting.batch * setting.positions)
        let sums = setting.perChannel(g).map { $0.reduce(0, +) }
        let (x, gradients) = (setting.perChannel(own.x), setting.perChannel(g))
        let products = (0..<setting.channels).map { channel -> Double in
            var sum = 0.0
            for (x, g) in zip(x[channel], gradients[channel]) {
                sum += (x - moments[channel].mean) * g
            }
            return sum
        }
        let spreads = moments.map { $0.variance + Double(Self.epsilon) }
        expect(
            scale.values, products.indices.map { products[$0] / spreads[$0].squareRoot() },
            units: 128, magnitude: 16 * count)
        expect(shift.values, sums, units: 128, magnitude: 2 * count)
        let expected = own.x.enumerated().map { index, x -> Double in
            guard let channel = setting.channel(index) else { return 0 }
            if setting.masksBySource && x <= 0 { return 0 }
            let factor = own.factor(channel, moments[channel].variance)
            let slope = products[channel] / spreads[channel] / count
            let offset = sums[channel] / count + (x - moments[channel].mean) * slope
            return factor * (g[index] - offset)
        }
        expect(
            Self.floats(result, isBfloat16: setting.isBfloat16), expected,
            units: setting.isBfloat16 ? 65_536 : 128, magnitude: setting.isBfloat16 ? 1 : 64)
    }
}
