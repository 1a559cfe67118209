import Strata
import StrataTestSupport
import Testing

/// What Keras computes, case by case.
@Suite struct Golden {
    @Test(
        arguments: [
            "activation", "initializer", "layer", "loss", "metric", "model", "op", "optimizer",
            "schedule",
        ])
    func `the repository holds cases of every kind`(kind: String) {
        #expect(GoldenFolder.ownCases.contains { $0.kind == kind })
    }

    /// One layer of each family that has cases at all; augmentation has fixtures of its own.
    @Test(
        arguments: [
            "Add", "BatchNormalization", "Conv2D", "Dense", "Dropout", "Embedding", "MaxPooling2D",
            "ReLU", "Rescaling", "Reshape",
        ])
    func `the repository holds cases of every family of layers`(className: String) {
        #expect(
            GoldenFolder.ownCases.contains { $0.kind == "layer" && $0.className == className })
    }

    @Test func `every file in the folder can be read`() {
        #expect(GoldenFolder.unreadable == [])
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
