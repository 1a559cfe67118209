internal import StrataGraph

/// What lies beyond the edges of an image that is moved.
public enum FillMode: String, Sendable, Hashable, CaseIterable {
    /// One number.
    case constant
    /// The nearest pixel.
    case nearest
    /// The image again.
    case wrap
    /// The image reflected between the pixels of its edge.
    case reflect
    /// The image reflected at the pixels of its edge.
    case mirror

    var fill: Resampling.Fill {
        switch self {
        case .constant: .constant
        case .nearest: .nearest
        case .wrap: .wrap
        case .reflect: .reflect
        case .mirror: .mirror
        }
    }
}

/// What layers have in common that show an image's pixels in other places.
public class MovingAugmentation: ImageAugmentation {
    public let fillMode: FillMode
    public let interpolation: Interpolation
    public let fillValue: Float

    /// - Parameters:
    ///   - fillMode: what lies beyond the edges.
    ///   - interpolation: what stands between the pixels: `.nearest` or `.bilinear`.
    ///   - fillValue: what `.constant` fills with.
    ///   - seed: fixes what is drawn; otherwise ``setRandomSeed(_:)`` does.
    ///   - dataFormat: where the channels stand.
    ///   - name: unique within a model.
    init(
        fillMode: FillMode, interpolation: Interpolation, fillValue: Double, seed: Int?,
        dataFormat: DataFormat, name: String?
    ) {
        self.fillMode = fillMode
        self.interpolation = interpolation
        self.fillValue = Float(fillValue)
        super.init(seed: seed, dataFormat: dataFormat, name: name)
    }

    override func check() throws(GraphError.Problem) {
        guard interpolation == .nearest || interpolation == .bilinear else {
            throw .invalidArgument(
                "interpolation is \(interpolation.rawValue)", fix: "use nearest or bilinear")
        }
    }

    private var resampling: Resampling {
        Resampling(
            isLinear: interpolation == .bilinear, fill: fillMode.fill, fillValue: fillValue)
    }

    /// For each image six numbers: the pixel at (x, y) shows what was at
    /// (a₀x + a₁y + a₂, b₀x + b₁y + b₂).
    struct Affine {
        var a: (SymbolicTensor, SymbolicTensor, SymbolicTensor)
        var b: (SymbolicTensor, SymbolicTensor, SymbolicTensor)
    }

    /// Images moved by one matrix each.
    func moved(_ images: SymbolicTensor, _ matrix: Affine) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        let (x, y) = (Self.columns(width), Self.rows(height))
        // Row and column of a place stand beside each other on the last axis.
        func pair(_ b: SymbolicTensor, _ a: SymbolicTensor) -> SymbolicTensor {
            .concatenated([b, a], axis: -1)
        }
        let places =
            pair(matrix.b.0, matrix.a.0) * x + pair(matrix.b.1, matrix.a.1) * y
            + pair(matrix.b.2, matrix.a.2)
        return images.resampled(at: places, resampling)
    }

    /// Images of which each pixel shows what was at a row and a column.
    func moved(_ images: SymbolicTensor, rows: SymbolicTensor, columns: SymbolicTensor)
        -> SymbolicTensor
    {
        images.resampled(at: .concatenated([rows, columns], axis: -1), resampling)
    }

    /// 0, 1, … along the width, to be broadcast.
    static func columns(_ width: Int) -> SymbolicTensor {
        .constant(Tensor((0..<width).map { Float($0) }, shape: [1, 1, width, 1]))
    }

    /// 0, 1, … along the height, to be broadcast.
    static func rows(_ height: Int) -> SymbolicTensor {
        .constant(Tensor((0..<height).map { Float($0) }, shape: [1, height, 1, 1]))
    }

    /// The arguments of all layers that move images, as they are in files.
    var movement: [String: JSONValue] {
        [
            "fill_mode": .string(fillMode.rawValue),
            "interpolation": .string(interpolation.rawValue), "fill_value": .float(fillValue),
        ]
    }
}

extension ImageDraws {
    /// One number for all images.
    func same(_ value: Float) -> SymbolicTensor {
        .constant(Tensor(repeating: value, shape: each))
    }
}
