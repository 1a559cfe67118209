/// An error of a graph: the problem, the place and a fix.
///
/// The facts are the case of ``problem``; all sentences are in `description`.
public struct GraphError: Error, Sendable, Hashable {
    /// A step on the path to the failing layer: the name of its origin, and its shape.
    public struct Link: Sendable, Hashable {
        public var layer: String
        public var shape: Shape

        package init(_ layer: String, _ shape: Shape) {
            self.layer = layer
            self.shape = shape
        }
    }

    public let problem: Problem
    /// The layer whose call failed.
    public package(set) var layer: String?
    /// The source location of the call: `main.swift:5`.
    public package(set) var site: String?
    /// The values on the path from an input to the layer, first to last.
    public package(set) var chain: [Link] = []
    /// The smallest sufficient height, width, … of an input, if an image became too small.
    public package(set) var smallestImage: [Int]?

    public init(_ problem: Problem) {
        self.problem = problem
    }

    /// The facts of an error.
    public enum Problem: Error, Sendable, Hashable {
        /// A window that does not fit into the remaining image.
        case tooSmall(image: Shape, window: [Int], isPool: Bool)
        /// Two shapes that do not broadcast.
        case notBroadcastable(Shape, Shape)
        /// A last dimension that does not match the weights.
        case wrongWidth(got: Shape, expected: Int)
        case wrongRank(got: Shape, expected: String)
        /// A call of an operation with the wrong number of inputs.
        case wrongInputCount(String, got: Int, expected: ClosedRange<Int>)
        case notDivisible(what: String, count: Int, by: String, divisor: Int)
        case cannotReshape(from: Shape, to: Shape)
        case cannotConcatenate([Shape], axis: Int)
        case unknownDimension(Shape, needed: String)
        case noGradient(String)
        /// A host function, or the gradient of one, that failed.
        case hostFunctionFailed(String)
        /// A result with a negative dimension, or of more elements than can be addressed.
        case impossibleResult(String, Shape)
        /// A weight or a result that takes more memory than there is, in bytes.
        case tooLarge(what: String, shape: Shape, byteCount: Double, available: Double?)
        /// Something that takes more memory than is free at the time, in bytes.
        case noMemory(what: String, byteCount: Double, reserve: Double, free: Double)
        /// An unknown operation.
        case unknownOperation(String, known: [String])
        /// An unknown attribute.
        case unknownAttribute(String, operation: String, known: [String])
        /// A missing attribute without a default.
        case missingAttribute(String, operation: String, allowed: String)
        /// An attribute of the wrong type, or out of range.
        case invalidAttribute(String, operation: String, got: String, allowed: String)
        /// An argument out of range.
        case invalidArgument(String, fix: String)
    }
}

extension GraphError: CustomStringConvertible {
    /// Several lines: the layer and the problem; the shapes on the path; the fix.
    public var description: String {
        var lines: [String] = []
        let location = [layer, site.map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")
        lines.append(location.isEmpty ? problem.sentence : "\(location): \(problem.sentence)")
        lines += chain.map { "  \($0.layer) -> \($0.shape)" }
        lines.append("  fix: \(fix)")
        return lines.joined(separator: "\n")
    }

    private var fix: String {
        if let flattened { return flattened }
        guard let smallestImage, smallestImage.count > 0 else { return problem.fix }
        let size = smallestImage.map(String.init).joined(separator: "×")
        return "use padding: .same, fewer pools or smaller strides, or an input of at least \(size)"
    }
}

extension GraphError {
    /// The fix if an image of any size is flattened, so that the length is unknown.
    private var flattened: String? {
        guard case .unknownDimension = problem, let row = chain.last?.shape,
            let image = chain.dropLast().last?.shape, row.rank == 2, row[1] == nil,
            (3...5).contains(image.rank), image.known == nil
        else { return nil }
        return
            "use GlobalAveragePooling\(image.rank - 2)D() instead of Flatten(): it gives as many "
            + "values for images of any size; or give the size in Input(shape:)"
    }
}

extension Double {
    /// A number of bytes with its unit: `1.5 GiB`.
    package var memoryText: String {
        var value = self
        var units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"][...]
        while value >= 1024, units.count > 1 {
            value /= 1024
            units = units.dropFirst()
        }
        let rounded = value < 10 ? (value * 10).rounded() / 10 : value.rounded()
        let digits = "\(rounded)"
        return
            "\(digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits) \(units.first ?? "")"
    }
}

extension GraphError.Problem {
    /// The problem, in one sentence without a full stop.
    package var sentence: String {
        switch self {
        case .tooSmall(let image, let window, let isPool):
            "an image of \(image) is smaller than the \(isPool ? "pool window" : "kernel") \(window)"
        case .notBroadcastable(let left, let right):
            "shapes \(left) and \(right) do not broadcast"
        case .wrongWidth(let got, let expected):
            "the last dimension of \(got) should be \(expected), "
                + "the width that this layer's weights were made for"
        case .wrongRank(let got, let expected):
            "an input of shape \(got) was given, but \(expected) is needed"
        case .wrongInputCount(let name, let got, let expected):
            "\(name) was called with \(got) inputs, where \(expected.lowerBound) to \(expected.upperBound) are needed"
        case .notDivisible(let what, let count, let by, let divisor):
            "\(what) (\(count)) cannot be divided by \(by) (\(divisor))"
        case .cannotReshape(let from, let to):
            "\(from) cannot be reshaped to \(to)"
        case .cannotConcatenate(let shapes, let axis):
            "shapes \(shapes.map(\.description).joined(separator: ", ")) cannot be joined "
                + "along axis \(axis)"
        case .unknownDimension(let shape, let needed):
            "\(needed) of \(shape) must be known"
        case .noGradient(let operation):
            "\(operation) has no gradient"
        case .hostFunctionFailed(let name):
            "\(name) failed"
        case .impossibleResult(let operation, let shape):
            "\(operation) would have a result of shape \(shape), which has a negative dimension"
        case .tooLarge(let what, let shape, let byteCount, let available):
            "\(what) of shape \(shape) needs \(byteCount.memoryText) of memory"
                + (available.map { ", where this machine has \($0.memoryText)" } ?? "")
        case .noMemory(let what, let byteCount, let reserve, let free):
            "\(what) needs \(byteCount.memoryText) of memory and \(reserve.memoryText) in reserve, "
                + "and \(free.memoryText) are free"
        case .unknownOperation(let name, _):
            "there is no operation \(name)"
        case .unknownAttribute(let name, let operation, _):
            "\(operation) has no attribute \(name)"
        case .missingAttribute(let name, let operation, _):
            "\(operation) needs the attribute \(name)"
        case .invalidAttribute(let name, let operation, let got, _):
            "attribute \(name) of \(operation) is \(got)"
        case .invalidArgument(let what, _):
            what
        }
    }

    /// The fix.
    package var fix: String {
        switch self {
        case .tooSmall: "use padding: .same, fewer pools or smaller strides, or a larger image"
        case .notBroadcastable:
            "make the dimensions equal, or 1 where one should be repeated"
        case .wrongWidth:
            "feed the width that the layer was built for, or use a new layer"
        case .wrongRank: "reshape the input, or use the layer made for its rank"
        case .wrongInputCount: "give as many inputs as the operation has"
        case .notDivisible(let what, _, let by, _): "choose \(what) as a multiple of \(by)"
        case .cannotReshape: "keep the number of elements the same; one dimension may be -1"
        case .cannotConcatenate: "make all dimensions but that axis equal"
        case .unknownDimension: "give this dimension in Input(shape:)"
        case .noGradient: "keep it out of the path from the weights to the loss"
        case .hostFunctionFailed: "see the error that it has raised"
        case .impossibleResult: "use sizes that are not negative"
        case .tooLarge:
            "use smaller sizes: fewer filters or units, a smaller kernel or image, less padding"
        case .noMemory: "use a smaller batch or model, or end other programs"
        case .unknownOperation(_, let known): "use one of \(known.joined(separator: ", "))"
        case .unknownAttribute(_, _, let known):
            known.isEmpty
                ? "leave it out: there are no attributes"
                : "use those that there are: \(known.joined(separator: ", "))"
        case .missingAttribute(_, _, let allowed), .invalidAttribute(_, _, _, let allowed):
            "use \(allowed)"
        case .invalidArgument(_, let fix): fix
        }
    }
}
