import Testing

@testable import Strata

/// Operations that cannot work give a tensor that carries the error, and its cure.
@Suite struct OpsErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// What the error says.
        let says: String
        let function: @Sendable (SymbolicTensor) -> SymbolicTensor

        var testDescription: String { name }
    }

    private static let cases = [
        Case(name: "endless numbers", says: "arange from 0.0 to 1.0 by 0.0") { _ in
            Ops.arange(0, 1, step: 0)
        },
        Case(name: "too many numbers", says: "arange of") { _ in Ops.arange(1 << 40) },
        Case(name: "a negative count", says: "linspace of -1 numbers") { _ in
            Ops.linspace(0, 1, num: -1)
        },
        Case(name: "a matrix that is too large", says: "columns") { _ in
            Ops.eye(1 << 40, 1 << 40)
        },
        Case(name: "a triangle of a row", says: "rows, columns") { x in
            Ops.tril(Ops.ravel(x))
        },
        Case(name: "pools of a matrix", says: "[batch, spatial…, channels]") { x in
            Ops.maxPool(x, 2)
        },
        Case(name: "a kernel of a matrix", says: "[spatial…, channels, filters]") { x in
            Ops.conv(Ops.reshape(x, [1, 2, 3, 1]), x)
        },
        Case(name: "a kernel of other channels", says: "should be 3") { x in
            Ops.conv(Ops.reshape(x, [1, 2, 3, 1]), Ops.ones([1, 1, 3, 2]))
        },
        Case(name: "sums over axes that do not pair", says: "tensordot over axes [0, 1] and [0]") {
            x in Ops.tensordot(x, x, axes: [0, 1], 0)
        },
        Case(name: "sums over too many axes", says: "tensordot over 3 axes") { x in
            Ops.tensordot(x, x, axes: 3)
        },
        Case(name: "more differences than places", says: "differences are taken 4 times") { x in
            Ops.diff(x, n: 4)
        },
        Case(name: "an axis that is not there", says: "[2]") { x in
            Ops.batchNormalization(x, Ops.ones([3]), Ops.ones([3]), axis: 2)
        },
        Case(name: "an earlier error", says: "arange of") { _ in
            Ops.layerNormalization(Ops.conv(Ops.arange(1 << 40), Ops.ones([1, 1, 3, 2])))
        },
        Case(name: "an earlier error in a kernel", says: "arange of") { x in
            Ops.conv(Ops.reshape(x, [1, 2, 3, 1]), Ops.arange(1 << 40))
        },
        Case(name: "an earlier error on the right", says: "arange of") { x in
            Ops.tensordot(x, Ops.arange(1 << 40), axes: 1)
        },
    ]

    @Test(arguments: cases)
    func `an operation that cannot work carries an error with a cure`(item: Case) throws {
        let result = item.function(.input("x", [2, 3]))
        let error = try #require(result.error)
        #expect("\(error)".contains(item.says), "\(error)")
        #expect("\(error)".contains("fix: "), "\(error)")
    }

    @Test func `the widest arguments are no error`() {
        #expect(Ops.arange(0, -3e38).shape == [0])
        #expect(Ops.triu(.input("x", [2, 3]), k: .min).shape == [2, 3])
        #expect(Ops.tril(.input("x", [2, 3]), k: .max).shape == [2, 3])
    }
}
