import Strata
import StrataTestSupport
import Testing

/// What Keras computes, case by case.
@Suite struct Golden {
    @Test(
        .golden(),
        arguments: [
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

extension Trait where Self == ConditionTrait {
    /// Skips a test, and says so, in a clone that has no cases of a kind beside it.
    ///
    /// - Parameter kind: cases of the repository's own count as well; only those beside it if left out.
    static func golden(_ kind: String? = nil) -> ConditionTrait {
        .enabled(
            if: GoldenFolder.isThere || kind.map { !GoldenFolder.cases($0).isEmpty } ?? false,
            "the parity cases are not beside the package")
    }
}

extension Golden {
    /// The cases of a kind that there is code for; the others are listed on standard output.
    static func cases(_ kind: String, coveredBy isCovered: (GoldenCase) -> Bool) -> [GoldenCase] {
        let all = GoldenFolder.cases(kind)
        report(uncovered: all.filter { !isCovered($0) }, of: kind)
        return all.filter(isCovered)
    }

    /// Lists on standard output, by name, the cases that no code answers for yet.
    static func report(uncovered cases: [GoldenCase], of kind: String) {
        for golden in cases { print("Golden: not covered: \(kind) \(golden.name)") }
    }
}

extension GoldenCase {
    /// Records an issue where a result is not the expected tensor of that name.
    func check(_ result: Tensor, is name: String, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        if let difference = try difference(result, from: name) {
            Issue.record(Comment(rawValue: difference), sourceLocation: sourceLocation)
        }
    }
}
