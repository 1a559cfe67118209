internal import StrataGraph

/// Base class of layers that merge several inputs elementwise.
public class MergingLayer: Layer, SerializableLayer {
    override class var keepsInputShape: Bool { true }
    override class var takesList: Bool { true }

    public required convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            name: try configuration.layerName(),
            isTrainable: try configuration.layerIsTrainable())
    }

    /// Merges two values.
    func merge(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor { a }

    /// Finishes the merged value of `count` inputs.
    func finish(_ merged: SymbolicTensor, of count: Int) -> SymbolicTensor { merged }

    public override var supportsMasking: Bool { true }

    /// The mask of the output; all positions count if one input has no mask.
    public override func computeMask(_ inputs: [SymbolicTensor], _ masks: [SymbolicTensor?])
        -> SymbolicTensor?
    {
        let given = masks.compactMap(\.self)
        guard given.count == masks.count, let first = given.first else { return nil }
        return given.dropFirst().reduce(first) { $0.maximum($1) }
    }

    public override func call(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        let shape: Shape
        do throws(GraphError.Problem) {
            shape = try Shape.merged(inputs.map(\.shape))
        } catch {
            return [SymbolicTensor(failure: GraphError(error))]
        }
        // Inputs of fewer axes get axes of 1 after the batch axis, as in Keras, not before it.
        let aligned = inputs.map { x in
            guard x.rank < shape.rank else { return x }
            let ones = Array(repeating: Int?.some(1), count: shape.rank - x.rank)
            let batch = [x.shape[0] ?? -1]
            return x.reshaped(Shape(batch + ones + x.shape.dimensions.dropFirst()))
        }
        guard let first = aligned.first else { return [] }
        let result = finish(
            aligned.dropFirst().reduce(first) { merge($0, $1) }, of: inputs.count)
        // Broadcasting may know a dimension that Keras's rule does not.
        if result.error == nil, result.shape != shape { return [.placeholder(shape, result.dtype)] }
        return [result]
    }
}

extension Shape {
    /// The broadcast shape by Keras's rule (3.15.1 `Merge`): the batch sizes are equal, the other
    /// axes broadcast from the last on, and a dimension that is unknown in any input is unknown.
    fileprivate static func merged(_ shapes: [Shape]) throws(GraphError.Problem) -> Shape {
        if let scalar = shapes.first(where: { $0.rank == 0 }) {
            throw .wrongRank(got: scalar, expected: "[batch, …]")
        }
        var batch: Int?
        var result: [Int?]?
        for shape in shapes {
            if let count = shape[0] {
                if let batch, batch != count { throw .notBroadcastable(shapes[0], shape) }
                batch = count
            }
            let own = Array(shape.dimensions.dropFirst())
            guard let merged = result else {
                result = own
                continue
            }
            let (long, short) = merged.count < own.count ? (own, merged) : (merged, own)
            var together = Array(long.dropLast(short.count))
            for (a, b) in zip(long.suffix(short.count), short) {
                switch (a, b) {
                case (nil, _), (_, nil): together.append(nil)
                case (1, let other), (let other, 1): together.append(other)
                case (let a, let b):
                    if a != b { throw .notBroadcastable(shapes[0], shape) }
                    together.append(a)
                }
            }
            result = together
        }
        return Shape([batch] + (result ?? []))
    }
}
