internal import Foundation

/// The convolution kernel of the real or imaginary part of a short-time Fourier transform.
///
/// For weights `[frame, 1, frequencies]`.
///
/// Keras 3.15.1 `STFT`, there also called `STFTInitializer`.
public struct STFTInitializer: Initializer {
    /// The real or the imaginary part.
    public enum Side: String, Sendable, Hashable, CaseIterable {
        case real
        case imaginary = "imag"
    }

    /// The window function, by SciPy's names.
    public enum Window: Sendable, Hashable {
        case hann
        case hamming
        case blackman
        case bartlett
        case boxcar
        case values([Float])
    }

    /// The normalization of the window.
    public enum Scaling: String, Sendable, Hashable, CaseIterable {
        /// The root of its squares' sum.
        case density
        /// Its sum.
        case spectrum
    }

    public static let className = "STFT"
    public var side: Side
    public var window: Window?
    public var scaling: Scaling?
    /// Whether the window is periodic, and so lacks its last element.
    public var periodic: Bool

    public init(
        side: Side = .real, window: Window? = .hann, scaling: Scaling? = .density,
        periodic: Bool = false
    ) {
        self.side = side
        self.window = window
        self.scaling = scaling
        self.periodic = periodic
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        let isGiven = { (key: String) in configuration.members[key] != nil }
        self.init(
            side: try configuration.choice("side", default: .real),
            window: isGiven("window") ? try configuration.window() : .hann,
            scaling: isGiven("scaling")
                ? try configuration.optionalChoice("scaling") : .density,
            periodic: try configuration.bool("periodic", default: false))
    }

    public var config: [String: JSONValue] {
        [
            "side": .string(side.rawValue), "window": window?.json ?? .null,
            "scaling": scaling.map { .string($0.rawValue) } ?? .null, "periodic": .bool(periodic),
        ]
    }

    public func problem(shape: [Int]) -> GraphError.Problem? {
        guard shape.count == 3 else {
            return .invalidArgument(
                "the Fourier initializer makes weights [frame, 1, frequencies], "
                    + "but one of shape \(shape) is needed", fix: "choose another initializer")
        }
        if case .values(let values)? = window, values.count != shape[0] {
            return .invalidArgument(
                "the window has \(values.count) numbers for a frame of \(shape[0])",
                fix: "give one for each")
        }
        return nil
    }

    public func values(shape: [Int], generator: inout RandomGenerator) -> Tensor {
        guard problem(shape: shape) == nil else { return .zeros(shape) }
        let (frame, inputs, frequencies) = (shape[0], shape[1], shape[2])
        let weights = window?.weights(frame, isPeriodic: periodic)
        let scale: Double =
            switch (weights, scaling) {
            case (let weights?, .density): weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
            case (let weights?, .spectrum): weights.reduce(0) { $0 + abs($1) }
            case (nil, _), (_, nil): 1
            }
        var values: [Float] = []
        values.reserveCapacity(frame * inputs * frequencies)
        for time in 0..<frame {
            let row = (0..<frequencies).map { frequency in
                let angle =
                    -2 * .pi * Double(time * frequency) / Double(max(2 * (frequencies - 1), 1))
                let wave = side == .real ? cos(angle) : sin(angle)
                return Float(wave * (weights?[time] ?? 1) / scale)
            }
            for _ in 0..<inputs { values += row }
        }
        return Tensor(values, shape: shape)
    }
}

extension STFTInitializer.Window {
    /// The values for a frame.
    fileprivate func weights(_ count: Int, isPeriodic: Bool) -> [Double] {
        // a₀ − a₁ cos + a₂ cos 2…, with SciPy's coefficients.
        func cosines(_ a: [Double]) -> [Double] {
            let length = Double(isPeriodic ? count : count - 1)
            return (0..<count).map { index in
                if count == 1 { return 1 }
                let angle = 2 * .pi * Double(index) / length
                return a.indices.reduce(0) {
                    $0 + ($1 % 2 == 0 ? a[$1] : -a[$1]) * cos(Double($1) * angle)
                }
            }
        }
        switch self {
        case .hann: return cosines([0.5, 0.5])
        case .hamming: return cosines([0.54, 0.46])
        case .blackman: return cosines([0.42, 0.5, 0.08])
        case .bartlett:
            let half = Double(isPeriodic ? count : count - 1) / 2
            return (0..<count).map { count == 1 ? 1 : 1 - abs(Double($0) - half) / half }
        case .boxcar: return Array(repeating: 1, count: count)
        case .values(let values): return values.map(Double.init)
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .hann: "hann"
        case .hamming: "hamming"
        case .blackman: "blackman"
        case .bartlett: "bartlett"
        case .boxcar: "boxcar"
        case .values(let values): JSONValue(values)
        }
    }
}

extension Configuration {
    fileprivate func window() throws(ConfigurationError) -> STFTInitializer.Window? {
        switch value("window") {
        case nil: return nil
        case .array: return .values(try floats("window"))
        case .null, .bool, .integer, .number, .string, .object:
            let known: [String: STFTInitializer.Window] = [
                "hann": .hann, "hamming": .hamming, "blackman": .blackman, "bartlett": .bartlett,
                "boxcar": .boxcar,
            ]
            let name = try string("window")
            guard let window = known[name] else {
                let names = known.keys.sorted().joined(separator: ", ")
                throw failure("window", "\(name) is not one of \(names)")
            }
            return window
        }
    }
}
