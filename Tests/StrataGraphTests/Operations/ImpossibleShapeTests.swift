import Testing

@testable import StrataGraph

/// Shapes that no tensor can have are errors where they arise, and no arithmetic on them traps.
///
/// An element takes 4 bytes: 2⁴⁴ · 2⁴⁴ of them are 2⁹⁰ bytes, or 2⁴⁰ PiB, and 24 · 2⁴⁴ are 1.5 PiB.
@Suite struct ImpossibleShapeTests {
    private static let x = SymbolicTensor.input("x", [4, 6])
    private static let huge = 1 << 44

    private static let cases: [(String, SymbolicTensor)] = [
        (
            "the result of reshape of shape [17592186044416, 17592186044416] needs "
                + "1099511627776 PiB of memory", x.reshaped([huge, huge])
        ),
        ("[4, 6] cannot be reshaped to [-1, -1]", x.reshaped([-1, -1])),
        ("[4, 6] cannot be reshaped to [-4, -6]", x.reshaped([-4, -6])),
        (
            "the result of broadcast of shape [17592186044416, 4, 6] needs 1.5 PiB of memory",
            x.broadcast(to: [huge, 4, 6])
        ),
        (
            "the result of pad of shape [17592186044420, 17592186044422] needs "
                + "1099511627777 PiB of memory", x.padded(before: [huge, huge], after: [0, 0])
        ),
        (
            "padding [-5, 0] and [0, 0] does not fit [4, 6]",
            x.padded(before: [-5, 0], after: [0, 0])
        ),
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
