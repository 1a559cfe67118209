import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Variables that take new values: all reads see the value at the start of the step.
@Suite struct UpdateTests {
    typealias Update = (variable: Variable, value: SymbolicTensor)

    /// A step, made of two variables of shape [2, 3] and an input of the same.
    struct Step: Sendable, CustomStringConvertible {
        let description: String
        let make:
            @Sendable (_ a: Variable, _ b: Variable, _ x: SymbolicTensor)
                -> (outputs: [SymbolicTensor], updates: [Update])

        init(
            _ description: String,
            _ make:
                @escaping @Sendable (Variable, Variable, SymbolicTensor)
                -> (outputs: [SymbolicTensor], updates: [Update])
        ) {
            self.description = description
            self.make = make
        }
    }

    private static let steps: [Step] = [
        Step("a counter") { a, _, x in ([x], [(a, .variable(a) + 1)]) },
        Step("the old value is an output") { a, _, x in
            ([.variable(a)], [(a, .variable(a) + x)])
        },
        Step("the old value, reshaped, is an output") { a, _, x in
            ([SymbolicTensor.variable(a).reshaped([3, 2])], [(a, .variable(a) * 2 + x)])
        },
        Step("the new value is an output") { a, _, x in
            let new = SymbolicTensor.variable(a) * 2 + x
            return ([new], [(a, new)])
        },
        Step("old and new values are outputs") { a, _, x in
            let new = SymbolicTensor.variable(a) * 2 + x
            return ([new, .variable(a)], [(a, new)])
        },
        Step("two variables change places") { a, b, x in
            ([x], [(a, .variable(b)), (b, .variable(a))])
        },
        Step("one takes the other's old value") { a, b, x in
            ([x], [(b, .variable(a)), (a, .variable(a) * 2)])
        },
        Step("one takes the other's old value, the other way round") { a, b, x in
            ([x], [(a, .variable(a) * 2), (b, .variable(a))])
        },
        Step("one takes the other's old value through two reshapes") { a, b, x in
            let row = SymbolicTensor.variable(a).reshaped([6])
            return ([row], [(a, .variable(a) * 2), (b, (row * 3).reshaped([2, 3]))])
        },
        Step("both take one value") { a, b, x in
            let new = SymbolicTensor.variable(a) * x + .variable(b)
            return ([], [(a, new), (b, new)])
        },
        Step("a variable takes an input") { a, _, x in ([], [(a, x)]) },
        Step("a variable takes a constant") { a, _, x in
            ([x], [(a, .constant(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])))])
        },
        Step("a variable takes the number 0") { a, _, x in
            ([x], [(a, SymbolicTensor.constant(0).broadcast(to: [2, 3]))])
        },
        Step("a variable keeps its value") { a, _, x in ([x], [(a, .variable(a))]) },
        Step("a reshaped old value is read late") { a, b, x in
            let row = SymbolicTensor.variable(a).reshaped([6])
            let late = (row.softmax() * x.sum() + .variable(b).reshaped([6])).sum()
            return ([late], [(a, .variable(a) - x)])
        },
        Step("an old value is summed late") { a, b, x in
            let new = SymbolicTensor.variable(a) - x
            return ([(SymbolicTensor.variable(a) * new.sum()).sum(axes: [0])], [(a, new)])
        },
        Step("each from both") { a, b, x in
            let (old, other) = (SymbolicTensor.variable(a), SymbolicTensor.variable(b))
            return ([(old * other).sum()], [(a, old * 0.5 + other), (b, other * 0.5 - old * x)])
        },
        Step("momentum") { a, b, x in
            let velocity = SymbolicTensor.variable(b) * 0.9 + x
            return ([velocity.sum()], [(b, velocity), (a, .variable(a) - velocity * 0.1)])
        },
        Step("a row of the new value is subtracted from it") { a, _, x in
            let new = SymbolicTensor.variable(a) + x
            return ([new - new.sum(axes: [0])], [(a, new)])
        },
        Step("transposed there and back") { a, _, x in
            let turned = SymbolicTensor.variable(a).transposed([1, 0]) * 2
            return ([turned], [(a, turned.transposed([1, 0]) + x)])
        },
    ]

    @Test(arguments: steps)
    func `three steps are what the definition says`(step: Step) throws {
        let a = Variable("a", value: Tensor([1, -2, 3, 0.5, 0.25, -1], shape: [2, 3]))
        let b = Variable("b", value: Tensor([2, 1, 0.125, -1, 4, 3], shape: [2, 3]))
        let x = SymbolicTensor.input("x", [2, 3])
        let (outputs, updates) = step.make(a, b, x)
        let inputs = ["x": ReferenceTensor([0.5, 1, -1, 2, -0.5, 0.75], shape: [2, 3])]
        let graph = try Graph(outputs: outputs, updates: updates)
        var values = [
            a: ReferenceTensor(try a.value), b: ReferenceTensor(try b.value),
        ]
        let executable = try Executable(Plan(graph))
        executable.fill(inputs)
        for time in 1...3 {
            let expected = try graph.expected(inputs: inputs, variables: values)
            try executable.run()
            let results = try executable.results + updates.map { try $0.variable.value }
            let found = expected.differences(from: results)
            #expect(found.isEmpty, "step \(time): \(found)\n\(graph)\n\(executable.plan)")
            let news = try ReferenceInterpreter(graph, inputs: inputs, variables: values).updates
            values.merge(news) { $1 }
        }
    }

    @Test func `a whole-number counter counts`() throws {
        let count = Variable("count", kind: .seed, value: Tensor([Int32(0)], shape: []))
        let one = SymbolicTensor.constant(Tensor([Int32(1)], shape: []))
        let executable = try Executable(
            Plan(
                Graph(
                    outputs: [.variable(count)], updates: [(count, .variable(count) + one)])))
        for step in 0..<5 {
            try executable.run()
            #expect(executable.outputTensor(0).integers == [step])
        }
        #expect(try count.value.integers == [5])
    }

    @Test func `values given from outside count from the next step on`() throws {
        let a = Variable("a", value: Tensor([1, 2]))
        let training = try Executable(
            Plan(Graph(outputs: [.variable(a)], updates: [(a, .variable(a) * 2)])))
        try training.run()
        try a.assign(Tensor([10, 20]))
        try training.run()
        #expect(training.outputTensor(0).scalars == [10, 20])
        #expect(try a.value.scalars == [20, 40])
    }

    @Test func `a plan that only reads sees what another one writes`() throws {
        let kernel = Variable("kernel", value: Tensor(repeating: 0.5, shape: [3, 3, 3, 17]))
        let x = SymbolicTensor.input("x", [1, 5, 5, 3])
        let y = x.convolved(with: .variable(kernel))
        let before = try Executable(Plan(Graph(outputs: [y])))
        let gradient = y.sum().gradients(withRespectTo: [.variable(kernel)])[0]
        let training = try Executable(
            Plan(Graph(outputs: [], updates: [(kernel, .variable(kernel) - gradient * 0.01)])))
        let after = try Executable(Plan(Graph(outputs: [y])))
        let values = ["x": ReferenceTensor(repeating: 0.25, shape: [1, 5, 5, 3])]
        for executable in [before, training, after] { executable.fill(values) }
        for _ in 0..<2 {
            let expected = try Graph(outputs: [y]).expected(inputs: values)
            for executable in [before, after] {
                try executable.run()
                let found = expected.differences(from: executable.results)
                #expect(found.isEmpty, "\(found)\n\(executable.plan)")
            }
            try training.run()
        }
        try kernel.assign(Tensor(repeating: 1, shape: [3, 3, 3, 17]))
        for executable in [before, after] {
            try executable.run()
            #expect(executable.outputTensor(0).scalars == Array(repeating: 6.75, count: 9 * 17))
        }
    }

    @Test func `a plan that counts on another layout of a variable is refused`() throws {
        let kernel = Variable("kernel", value: Tensor(repeating: 0.5, shape: [3, 3, 3, 17]))
        let scaling = try Plan(Graph(outputs: [], updates: [(kernel, .variable(kernel) * 2)]))
        let y = SymbolicTensor.input("x", [1, 5, 5, 3]).convolved(with: .variable(kernel))
        let gradient = y.sum().gradients(withRespectTo: [.variable(kernel)])[0]
        let training = try Plan(
            Graph(outputs: [y], updates: [(kernel, .variable(kernel) - gradient)]))
        let executable = try Executable(training)
        let error = #expect(throws: EngineError.self) { try Executable(scaling) }
        #expect(
            error?.description == """
                variable kernel was laid out by another plan after this one was made; \
                make this plan again
                """)
        let again = try Executable(
            Plan(Graph(outputs: [], updates: [(kernel, .variable(kernel) * 2)])))
        try again.run()
        #expect(try kernel.value.scalars == Array(repeating: 1, count: 3 * 3 * 3 * 17))
        withExtendedLifetime(executable) {}
    }
}
