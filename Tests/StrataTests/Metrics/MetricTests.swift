import Strata
import Testing

@Suite struct MetricTests {
    /// The metric's value after batches of targets and predictions.
    private func result(_ metric: any Metric, _ batches: [(Tensor, Tensor)]) throws -> [Float] {
        let first = batches[0]
        var state = metric.initialState(
            targets: Shape(first.0.shape), predictions: Shape(first.1.shape))
        var value: [Float] = []
        for (targets, predictions) in batches {
            let after = metric.updatedState(
                state.map { .constant($0) }, targets: .constant(targets),
                predictions: .constant(predictions), sampleWeight: nil)
            let results = try evaluate(after + [metric.result(after)])
            state = Array(results.dropLast())
            value = results[state.count].scalars
        }
        return value
    }

    /// A kind of accuracy, shapes that ask for it, and Keras's class.
    @Test(arguments: [
        ([5], [5, 1], "BinaryAccuracy"), ([5, 1], [5, 1], "BinaryAccuracy"),
        ([5], [5, 3], "SparseCategoricalAccuracy"),
        ([5, 1], [5, 3], "SparseCategoricalAccuracy"),
        ([5, 4], [5, 4, 3], "SparseCategoricalAccuracy"),
        ([5, 3], [5, 3], "CategoricalAccuracy"),
    ])
    func `accuracy takes the form that the shapes ask for`(
        targets: [Int], predictions: [Int], className: String
    ) {
        let metric: any Metric = .accuracy
        let chosen = metric.resolved(targets: Shape(targets), predictions: Shape(predictions))
        #expect(type(of: chosen).className == className)
        #expect(chosen.name == "accuracy")
    }

    @Test(arguments: ["accuracy", "acc", "mse", "mae", "auc", "f1_score"])
    func `a metric given by a name is called so in logs`(name: String) throws {
        #expect(try MetricRegistry.metric(.string(name), path: "m").name == name)
    }

    @Test func `accuracy is written as its name alone`() throws {
        #expect(try MetricRegistry.metric("acc", path: "m").json == "acc")
    }

    /// ⅔ of the classes are right in the first batch, ½ in the second: 3 of 5 together.
    @Test func `accuracy is a mean over samples, not over batches`() throws {
        let p = Tensor([0.9, 0.1, 0.2, 0.8, 0.7, 0.3], shape: [3, 2])
        let q = Tensor([0.9, 0.1, 0.2, 0.8], shape: [2, 2])
        let value = try result(
            .accuracy, [(Tensor([0, 1, 1]), p), (Tensor([0, 0]), q)])
        // One division: off by half a unit in the last place, 3e-8.
        #expect(abs(value[0] - 0.6) < 1e-6)
    }

    @Test func `AUC of a perfect order is 1 and of its reverse 0`() throws {
        let targets = Tensor([0, 0, 1, 1])
        // A sum of quotients, each rounded by 6e-8, of which all but a few are 0.
        #expect(abs(try result(.auc, [(targets, Tensor([0.1, 0.2, 0.8, 0.9]))])[0] - 1) < 1e-6)
        #expect(abs(try result(.auc, [(targets, Tensor([0.9, 0.8, 0.2, 0.1]))])[0]) < 1e-6)
    }

    @Test func `the same confusion in two batches counts twice`() throws {
        let batch = (Tensor([1, 0, 1, 0]), Tensor([0.9, 0.8, 0.1, 0.2]))
        #expect(try result(.truePositives(), [batch, batch]) == [2])
        #expect(try result(.falsePositives(), [batch, batch]) == [2])
        #expect(try result(.precision(), [batch, batch]) == [0.5])
        #expect(try result(.recall(thresholds: [0.05, 0.5, 0.95]), [batch]) == [1, 0.5, 0])
    }

    @Test func `counts and pairs of classes that memory does not hold are an error`() {
        // 10⁶ thresholds for each of 10⁹ labels.
        let metric = AUC(numThresholds: 1_000_000, multiLabel: true)
        let wide: Shape = [1, 1_000_000_000]
        let initial = metric.initialState(targets: wide, predictions: wide)
        let state = metric.updatedState(
            initial.map { .constant($0) }, targets: .input("y", wide),
            predictions: .input("p", wide), sampleWeight: nil)
        #expect(state.count == 4)
        #expect(state[0].error?.description.hasPrefix("the counts of AUC of shape ") == true)
        let best = Precision(topK: 3).updatedState(
            [.constant(Tensor([0])), .constant(Tensor([0]))], targets: .input("y", wide),
            predictions: .input("p", wide), sampleWeight: nil)
        #expect(best[0].error?.description.hasPrefix("the comparison of all pairs of") == true)
    }

    @Test func `a class that is not there is refused with a cure`() {
        let metric = Recall(classID: 3)
        let state = metric.updatedState(
            [.constant(Tensor([0])), .constant(Tensor([0]))], targets: .input("y", [4, 3]),
            predictions: .input("p", [4, 3]), sampleWeight: nil)
        #expect(
            state[0].error?.description == """
                class 3 is requested, but predictions have shape [4, 3]
                  fix: choose a classID that is there
                """)
    }
}
