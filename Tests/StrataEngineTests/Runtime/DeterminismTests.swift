import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// The same seed, the same bits.
@Suite struct DeterminismTests {
    /// A small network with all that trains: convolution, batch normalization, pooling, dropout, dense
    /// layers, softmax, momentum.
    struct Training {
        let variables: [Variable]
        let executable: Executable

        init(batch: Int = 16, isPlanned: () -> Void = {}) throws {
            var generator = SplitMix(seed: 9)
            func tensor(_ shape: [Int]) -> Tensor {
                let values = (0..<shape.reduce(1, *)).map { _ in
                    Float.random(in: -0.3...0.3, using: &generator)
                }
                return Tensor(values, shape: shape)
            }
            let shapes = [[3, 3, 3, 32], [32], [32], [6 * 6 * 32, 10], [10]]
            let weights = shapes.map { Variable("w", value: tensor($0)) }
            let slots = shapes.map { Variable("v", value: Tensor.zeros($0)) }
            let count = Variable("count", kind: .seed, value: Tensor([Int32(0)], shape: []))
            variables = weights + slots + [count]
            let (step, w) = (
                SymbolicTensor.variable(count), weights.map { SymbolicTensor.variable($0) }
            )
            let x = SymbolicTensor.input("x", [batch, 12, 12, 3])
            let labels = SymbolicTensor.input("labels", [batch], dtype: .int32)
            var y = x.convolved(with: w[0], padding: .same)
            let batchNormalization = BatchNormalization(epsilon: 1e-3, usesGivenStatistics: false)
            y = SymbolicTensor.applying(
                .batchNormalization(batchNormalization), [y, w[1] + 1, w[2]])[0].relu()
            y = y.maxPooled([2, 2])
            y = .apply(.dropout(Dropout(rate: 0.3, key: 5)), y, step)
            y = y.reshaped([batch, -1]).multiplied(by: w[3], bias: w[4]).logSoftmax()
            let loss = -(y * labels.oneHot(10)).sum(axes: [1]).mean()
            let gradients = loss.gradients(withRespectTo: w)
            var updates: [(variable: Variable, value: SymbolicTensor)] = []
            for (index, gradient) in gradients.enumerated() {
                let velocity = .variable(slots[index]) * 0.9 - gradient * 0.05
                updates.append((slots[index], velocity))
                updates.append((weights[index], w[index] + velocity))
            }
            updates.append((count, step + .constant(Tensor([Int32(1)], shape: []))))
            let plan = try Plan(Graph(outputs: [loss], updates: updates))
            isPlanned()
            executable = try Executable(plan)
            let places = ReferenceTensor(
                (0..<batch).map { Double($0 % 10) }, shape: [batch])
            executable.fill([
                "x": ReferenceTensor(tensor([batch, 12, 12, 3])), "labels": places,
            ])
        }

        func run(_ steps: Int) throws -> [Tensor] {
            var losses: [Tensor] = []
            for _ in 0..<steps {
                try executable.run()
                losses.append(executable.outputTensor(0))
            }
            return try losses + variables.map { try $0.value }
        }
    }

    @Test func `two trainings from the same start end in the same bits`() throws {
        let first = try Training().run(5)
        #expect(try Training().run(5) == first)
        let losses = first.prefix(5).map { $0.scalars[0] }
        #expect(losses[4] < losses[0], "\(losses)")
    }

    @Test func `going back to the start repeats the training`() throws {
        let training = try Training()
        let start = try training.variables.map { try $0.value }
        let first = try training.run(3)
        for (variable, value) in zip(training.variables, start) { try variable.assign(value) }
        #expect(try training.run(3) == first)
    }

    // In a process of its own, as the number is that of all threads. Scratchpads have room for one team.
    @Test func `a plan is for the threads that there were, whatever is set later`() async {
        await #expect(processExitsWith: .success) {
            for (count, later) in [(1, 2), (1, 4), (2, 1), (2, 4), (3, 1), (4, 1)] {
                Threads.count = count
                let expected = try DeterminismTests.Training(batch: 64).run(3)
                let planned = try DeterminismTests.Training(batch: 64) { Threads.count = later }
                #expect(Threads.count == later)
                #expect(try planned.run(3) == expected, "made for \(count), then \(later)")
            }
        }
    }

    @Test func `random numbers and loops give the same bits on any number of threads`() throws {
        let step = SymbolicTensor.constant(Tensor([Int32(1)], shape: []))
        let x = SymbolicTensor.input("x", [50, 40, 31])
        let dropped = SymbolicTensor.apply(.dropout(Dropout(rate: 0.5, key: 3)), x, step)
        let noise = SymbolicTensor.apply(
            .randomUniform(RandomUniform(shape: [50, 40, 31], key: 4)), step)
        let outputs = [
            dropped, noise, (x * noise).tanh(), x.softmax(axis: 1), x.sum(axes: [0]),
            x.mean(axes: [1, 2]), x.max(axes: [2]), x.transposed([2, 0, 1]),
        ]
        let graph = try Graph(outputs: outputs)
        let values = ReferenceTensor(
            (0..<62_000).map { Double(($0 * 7919) % 1000) / 500 - 1 }, shape: [50, 40, 31])
        let results = try [1, 2, 3, 4].map { count in
            try withTeam(of: count) {
                #expect(Threads.count == count)
                let executable = try Executable(Plan(graph))
                executable.fill(["x": values])
                try executable.run()
                return executable.results
            }
        }
        for result in results.dropFirst() { #expect(result == results[0]) }
    }

    /// On a thread with a team of its own, so that tests beside it keep theirs.
    private func withTeam<R>(of count: Int, _ body: @escaping () throws -> R) throws -> R {
        nonisolated(unsafe) var result: Result<R, any Error>?
        onOtherThread(team: count) { result = Result { try body() } }
        return try #require(result).get()
    }
}
