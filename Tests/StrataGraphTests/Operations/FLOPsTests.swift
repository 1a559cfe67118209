import StrataGraph
import Testing

/// Expected counts are from the definitions, by hand.
struct FLOPsTests {
    /// The work of each kind of operation in the graph of a sum and its gradients.
    private func counts(_ value: SymbolicTensor, _ sources: [SymbolicTensor]) throws
        -> [String: Double]
    {
        let sum = value.square().sum()
        let graph = try Graph(
            outputs: [sum] + sum.gradients(withRespectTo: sources))
        return Dictionary(
            graph.nodes.indices.map {
                (graph.nodes[$0].operation.name, graph.flops(of: [$0]))
            }, uniquingKeysWith: +)
    }

    @Test func `a convolution is two operations for each product, and so are its gradients`() throws
    {
        let image = SymbolicTensor.input("image", [5, 5, 5, 4])
        let kernel = SymbolicTensor.input("kernel", [3, 3, 4, 8])
        let counts = try counts(image.convolved(with: kernel, strides: [2, 2]), [image, kernel])
        // 5·2·2·8 results, each of 3·3·4 products.
        let expected: Double = 2 * 160 * 36
        #expect(counts["convolution"] == expected)
        #expect(counts["convolutionBackwardData"] == expected)
        #expect(counts["convolutionBackwardWeights"] == expected)
    }

    @Test func `groups of a convolution do not see each other's channels`() throws {
        let image = SymbolicTensor.input("image", [5, 5, 5, 4])
        let kernel = SymbolicTensor.input("kernel", [3, 3, 2, 8])
        let counts = try counts(
            image.convolved(with: kernel, strides: [2, 2], groups: 2), [image, kernel])
        let expected: Double = 2 * 160 * 18
        for name in ["convolution", "convolutionBackwardData", "convolutionBackwardWeights"] {
            #expect(counts[name] == expected, "\(name)")
        }
    }

    @Test func `an inner product is two operations for each product, and so are its gradients`()
        throws
    {
        let rows = SymbolicTensor.input("rows", [7, 6])
        let weights = SymbolicTensor.input("weights", [6, 10])
        let expected: Double = 2 * 7 * 6 * 10
        let counts = try counts(rows.multiplied(by: weights), [rows, weights])
        #expect(counts["innerProduct"] == expected)
        #expect(counts["innerProductBackwardData"] == expected)
        #expect(counts["innerProductBackwardWeights"] == expected)
    }

    @Test func `a pooling looks at every element of each window`() throws {
        let image = SymbolicTensor.input("image", [1, 5, 5, 4])
        let window = Window(size: [3, 3], strides: [2, 2], padding: .valid)
        let largest = SymbolicTensor.apply(.pooling(Pooling(kind: .maximum, window: window)), image)
        let ofWindows = try counts(largest, [image])
        // 2·2 windows of 9 elements in each of 4 channels.
        #expect(ofWindows["pooling"] == 144)
        #expect(ofWindows["poolingBackward"] == 16)
        let mean = SymbolicTensor.apply(.pooling(Pooling(kind: .average, window: nil)), image)
        let ofImage = try counts(mean, [image])
        #expect(ofImage["pooling"] == 100)
        #expect(ofImage["poolingBackward"] == 100)
    }

    @Test func `moving data is no work, elementwise functions are one for each element`() throws {
        let x = SymbolicTensor.input("x", [3, 4])
        let graph = try Graph(outputs: [x.relu().reshaped([12]).sum()])
        #expect(
            graph.nodes.indices.map { graph.flops(of: [$0]) }.sorted() == [0, 0, 12, 12])
    }
}
