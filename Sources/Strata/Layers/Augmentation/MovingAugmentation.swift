internal import StrataGraph

/// How pixels beyond the edges of an image are filled.
public enum FillMode: String, Sendable, Hashable, CaseIterable {
    /// A constant value.
    case constant
    /// The nearest pixel.
    case nearest
    /// The image, repeated.
    case wrap
    /// The image reflected at its edge, between pixels.
    case reflect
    /// The image reflected at its outermost pixels.
    case mirror

    var fill: GridSample.Fill {
        switch self {
        case .constant: .constant
        case .nearest: .nearest
        case .wrap: .wrap
        case .reflect: .reflect
        case .mirror: .mirror
        }
    }
}

/// Base class of layers with a geometric transformation of images.
public class MovingAugmentation: ImageAugmentation {
    public let fillMode: FillMode
    public let interpolation: Interpolation
    public let fillValue: Float

    /// - Parameters:
    ///   - fillMode: how pixels beyond the edges are filled.
    ///   - interpolation: `.nearest` or `.bilinear`.
    ///   - fillValue: the value for `.constant`.
    ///   - seed: the random seed; from ``setRandomSeed(_:)`` if left out.
    ///   - dataFormat: whether the channels are the last or the first axis.
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

    private var gridSample: GridSample {
        GridSample(
            isBilinear: interpolation == .bilinear, fill: fillMode.fill, fillValue: fillValue)
    }

    /// The affine matrix of each image: the output pixel at (x, y) is the input at
    /// (a₀x + a₁y + a₂, b₀x + b₁y + b₂).
    struct Affine {
        var a: (SymbolicTensor, SymbolicTensor, SymbolicTensor)
        var b: (SymbolicTensor, SymbolicTensor, SymbolicTensor)
    }

    /// Images transformed by an affine matrix each.
    func moved(_ images: SymbolicTensor, _ matrix: Affine) -> SymbolicTensor {
        let (height, width, _) = Self.size(images)
        let (x, y) = (Self.columns(width), Self.rows(height))
        // The row and the column of a grid position are the last axis.
        func pair(_ b: SymbolicTensor, _ a: SymbolicTensor) -> SymbolicTensor {
            .concatenated([b, a], axis: -1)
        }
        let grid =
            pair(matrix.b.0, matrix.a.0) * x + pair(matrix.b.1, matrix.a.1) * y
            + pair(matrix.b.2, matrix.a.2)
        return images.gridSampled(at: grid, gridSample)
    }

    /// Images sampled at a row and a column for each pixel.
    func moved(_ images: SymbolicTensor, rows: SymbolicTensor, columns: SymbolicTensor)
        -> SymbolicTensor
    {
        images.gridSampled(at: .concatenated([rows, columns], axis: -1), gridSample)
    }

    /// 0, 1, … along the width, to be broadcast.
    static func columns(_ width: Int) -> SymbolicTensor {
        .constant(Tensor((0..<width).map { Float($0) }, shape: [1, 1, width, 1]))
    }

    /// 0, 1, … along the height, to be broadcast.
    static func rows(_ height: Int) -> SymbolicTensor {
        .constant(Tensor((0..<height).map { Float($0) }, shape: [1, height, 1, 1]))
    }

    /// The arguments of all geometric layers, as in files.
    var movement: [String: JSONValue] {
        [
            "fill_mode": .string(fillMode.rawValue),
            "interpolation": .string(interpolation.rawValue), "fill_value": .float(fillValue),
        ]
    }
}

extension ImageDraws {
    /// One value for all images.
    func same(_ value: Float) -> SymbolicTensor {
        .constant(Tensor(repeating: value, shape: each))
    }
}
