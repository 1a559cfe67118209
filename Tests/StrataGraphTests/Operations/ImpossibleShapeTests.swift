import Testing

@testable import StrataGraph

/// Shapes that no tensor can have are errors where they arise, and no arithmetic on them traps.
@Suite struct ImpossibleShapeTests {
    private static let x = SymbolicTensor.input("x", [4, 6])
    private static let huge = 1 << 44

    private static let cases: [(String, SymbolicTensor)] = [
        (
            "reshape would have a result of shape [17592186044416, 17592186044416], "
                + "which no memory holds", x.reshaped([huge, huge])
        ),
        ("[4, 6] cannot be reshaped to [-1, -1]", x.reshaped([-1, -1])),
        ("[4, 6] cannot be reshaped to [-4, -6]", x.reshaped([-4, -6])),
        (
            "broadcast would have a result of shape [17592186044416, 4, 6], which no memory holds",
            x.broadcast(to: [huge, 4, 6])
        ),
        (
            "pad would have a result of shape [17592186044420, 17592186044422], "
                + "which no memory holds", x.padded(low: [huge, huge], high: [0, 0])
        ),
        ("padding [-5, 0] and [0, 0] does not fit [4, 6]", x.padded(low: [-5, 0], high: [0, 0])),
    ]

    @Test(arguments: cases)
    func `it is an error`(sentence: String, result: SymbolicTensor) {
        #expect(result.error?.problem.sentence == sentence)
    }

    @Test func `what is unknown hides nothing that is too large`() {
        #expect(!Shape([nil, Self.huge, Self.huge]).isPossible)
        #expect(!Shape([0, Self.huge, Self.huge]).isPossible)
        #expect(Shape([nil, 0, Self.huge]).isPossible)
    }
}
