import StrataGraph
import Testing

/// Where a dropout's mask can be read off its result, it is drawn once.
@Suite struct DropoutMaskTests {
    private static let step = SymbolicTensor.constant(Tensor([Int32(3)], shape: []))

    private static func dropouts(_ graph: Graph) -> Int {
        graph.nodes.count { node in
            if case .dropout = node.operation { true } else { false }
        }
    }

    private static func training(
        rate: Float, rectified: Bool, rows: [SymbolicTensor] = [], shape: Shape = [4, 6]
    ) throws -> Graph {
        let x = SymbolicTensor.input("x", [4, 6])
        let image = (rectified ? x.relu() : x.tanh()).reshaped(shape)
        let y = SymbolicTensor.applying(
            .dropout(Dropout(rate: rate, key: 9)), [image, step] + rows)[0]
        let loss = y.square().sum()
        return try Graph(outputs: [loss] + loss.gradients(withRespectTo: [x]))
    }

    @Test func `behind a rectifier the gradient reads the mask off the result`() throws {
        let graph = try Self.training(rate: 0.5, rectified: true)
        #expect(Self.dropouts(graph) == 2)
        let rewritten = graph.readingDropoutMasks()
        #expect(Self.dropouts(rewritten) == 1)
        #expect(rewritten.outputs.map { rewritten.shape($0) } == [[], [4, 6]])
    }

    @Test(arguments: [[4, 6], [24], [2, 12]] as [Shape])
    func `so it does for rows of a larger batch`(shape: Shape) throws {
        let first = SymbolicTensor.input("first", [], dtype: .int32)
        let graph = try Self.training(rate: 0.5, rectified: true, rows: [first], shape: shape)
        #expect(Self.dropouts(graph) == 2)
        #expect(Self.dropouts(graph.readingDropoutMasks()) == 1)
    }

    @Test(arguments: [([4, 6], 6), ([24], 1), ([2, 2, 6], 12)] as [(Shape, Int)])
    func `a reshape behind it leaves rows as they are`(shape: Shape, count: Int) throws {
        let first = SymbolicTensor.input("first", [], dtype: .int32)
        let graph = try Self.training(rate: 0.5, rectified: false, rows: [first], shape: shape)
        let counts = graph.nodes.compactMap { node -> Int? in
            if case .dropout(let dropout) = node.operation { dropout.rowElementCount } else { nil }
        }
        #expect(counts == [count, count])
    }

    @Test func `elsewhere 0 says nothing, and the mask is drawn again`() throws {
        let graph = try Self.training(rate: 0.5, rectified: false)
        #expect(Self.dropouts(graph.readingDropoutMasks()) == 2)
    }

    @Test func `two dropouts of one tensor keep their own masks`() throws {
        let x = SymbolicTensor.input("x", [4, 6])
        let image = x.relu()
        let results = [UInt64(1), 2].map { key in
            SymbolicTensor.apply(.dropout(Dropout(rate: 0.5, key: key)), image, Self.step)
        }
        let loss = (results[0].square() + results[1].square()).sum()
        let graph = try Graph(outputs: [loss] + loss.gradients(withRespectTo: [x]))
        // The gradients meet before the rectifier's: neither mask alone is the product's.
        #expect(Self.dropouts(graph.readingDropoutMasks()) == Self.dropouts(graph))
    }
}
