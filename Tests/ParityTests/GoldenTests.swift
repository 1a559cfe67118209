import StrataTestSupport
import Testing

/// What Keras computes, case by case.
@Suite struct Golden {
    @Test(arguments: [
        "activation", "initializer", "layer", "loss", "metric", "model", "op", "optimizer",
        "schedule",
    ])
    func `the folder holds cases of every kind`(kind: String) {
        #expect(!GoldenFolder.cases(kind).isEmpty, "no case of kind \(kind) in \(GoldenFolder.url)")
    }

    @Test func `every file in the folder can be read`() {
        #expect(GoldenFolder.unreadable == [])
    }
}

extension Golden {
    /// Lists on standard output, by name, the cases that no code answers for yet.
    static func report(uncovered cases: [GoldenCase], of kind: String) {
        for golden in cases { print("Golden: not covered: \(kind) \(golden.name)") }
    }
}
