import StrataGraph
import Testing

@testable import Strata

/// Samples on their way from memory to a step.
@Suite struct StepRunnerTests {
    /// Also where the last number is that of rows in order; long rows are copied by several threads.
    @Test(arguments: [[0, 2, 2], [3, 0, 5], [1, 2, 3], [4, 4, 4]], [2, 30_000])
    func `rows in any order`(rows: [Int], length: Int) throws {
        let samples = Tensor(
            (0..<6 * length).map { Float($0 / length) + Float($0 % length) / Float(length) },
            shape: [6, length])
        let x = SymbolicTensor.input("x", [3, length])
        let runner = try StepRunner(Graph(outputs: [x + x]))
        runner.feed("x", samples, rows: rows[...])
        try runner.run()
        let expected = rows.flatMap { row in
            samples.scalars[row * length..<(row + 1) * length].map { $0 + $0 }
        }
        #expect(runner.outputTensors[0].scalars == expected)
    }

    @Test(arguments: [[2, 3], [2, 5], [1, 4]])
    func `a tensor of another size is not copied`(shape: [Int]) throws {
        let x = SymbolicTensor.input("x", [2, 4])
        let runner = try StepRunner(Graph(outputs: [x + x]))
        let index = try #require(runner.inputIndex("x"))
        runner.feed(index, Tensor(repeating: 1, shape: shape))
        try runner.run()
        #expect(runner.outputTensors[0].scalars == Array(repeating: 0, count: 8))
        runner.feed(index, Tensor(repeating: 1, shape: [2, 4]))
        try runner.run()
        #expect(runner.outputTensors[0].scalars == Array(repeating: 2, count: 8))
    }
}
