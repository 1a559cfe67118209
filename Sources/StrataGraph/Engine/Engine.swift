/// An engine computes graphs: the interface between graphs and one kind of hardware.
///
/// Another engine is another conforming type. The layers above name an engine in one place only.
package protocol Engine: Sendable {
    /// Plans a graph and lays out its memory.
    ///
    /// The engine adopts the variables that the graph updates: it keeps their values from then on, and
    /// copies them back where ``Variable/value`` is read.
    func prepare(_ graph: Graph) throws -> any PreparedGraph

    /// The number of threads for graphs that are prepared afterwards.
    var threadCount: Int { get nonmutating set }

    /// Makes the calling thread prepare and run graphs with this many threads from now on; with 1, on
    /// its own.
    func useThreads(_ count: Int)

    /// What prepares the graphs of a model whose weights never change again.
    func makeFrozenGraphs() -> any FrozenGraphs

    /// Whether computing in `bfloat16` is not slower than in `float32`.
    var computesBfloat16: Bool { get }

    /// The library, and the processor's instructions in use.
    var description: EngineDescription { get }
}

/// A graph that an engine has prepared for repeated runs, by one thread at a time.
package protocol PreparedGraph: AnyObject {
    /// The inputs that the graph reads, in the order of their indices.
    var inputTypes: [(name: String, type: TensorType)] { get }

    var outputCount: Int { get }

    /// The plan as text, a line for each step.
    var planDescription: String { get }

    /// Copies a tensor of an input's type; one of another size is not copied.
    func feed(_ index: Int, _ tensor: Tensor)

    /// Copies the bytes of an input, row-major; as many as it has. Those of `bool` other than 0 become 1.
    func feed(_ index: Int, _ bytes: UnsafeRawBufferPointer)

    /// Copies rows of a tensor, as many as the input has; the rows must exist.
    func feed(_ index: Int, _ tensor: Tensor, rows: ArraySlice<Int>)

    /// Copies rows of a tensor to the rows of an input from `row` on; nothing where one of them does not exist.
    func feed(_ index: Int, _ tensor: Tensor, rows: Range<Int>, at row: Int)

    /// Makes the rows of an input from `row` on zeros.
    func clear(_ index: Int, from row: Int)

    /// Computes outputs and updates once.
    func run() throws

    /// The shape of an output.
    func outputShape(_ index: Int) -> [Int]

    /// A copy of an output after ``run()``.
    func outputTensor(_ index: Int) -> Tensor

    /// Copies an output after ``run()`` to memory of its size, row-major.
    func copyOutput(_ index: Int, to memory: UnsafeMutableRawBufferPointer)

    /// Copies rows of an output after ``run()`` to memory of their size, row-major.
    func copyOutput(_ index: Int, rows: Range<Int>, to memory: UnsafeMutableRawBufferPointer)

    /// The memory that values, constants and inputs take, without variables.
    var byteCount: Int { get }

    /// Runs for an approximate duration, at least three times, and measures each step.
    ///
    /// With sums over ranks, all ranks call it, and all run as often.
    func profile(seconds: Double) throws -> StepProfile
}

extension Engine {
    /// Evaluates tensors once, with a plan that is not kept.
    ///
    /// - Parameters:
    ///   - outputs: the tensors to compute.
    ///   - inputs: the values of the inputs, by name.
    ///   - updates: variables with their new values.
    /// - Throws: a ``GraphError`` if a tensor carries one or an input's value does not fit, or the
    ///   engine's error.
    package func evaluate(
        _ outputs: [SymbolicTensor], inputs: [String: Tensor] = [:],
        updates: [(variable: Variable, value: SymbolicTensor)] = []
    ) throws -> [Tensor] {
        try prepare(Graph(outputs: outputs, updates: updates)).evaluate(inputs)
    }
}

extension PreparedGraph {
    /// Throws unless there is memory for copies of all outputs.
    package func requireOutputMemory() throws(GraphError) {
        let counts = (0..<outputCount).map { outputShape($0).reduce(1, *) }
        try HostMemory.require("the output", byteCount: counts.reduce(0, +) * 4)
    }

    /// Runs once with these inputs, by name.
    package func evaluate(_ inputs: [String: Tensor]) throws -> [Tensor] {
        for (index, (name, type)) in inputTypes.enumerated() {
            guard let tensor = inputs[name], Shape(tensor.shape) == type.shape else {
                let got = inputs[name].map { "has shape \(Shape($0.shape))" } ?? "has no value"
                throw GraphError(
                    .invalidArgument(
                        "input \(name) \(got)", fix: "give it a value of shape \(type.shape)"))
            }
            feed(index, tensor.cast(to: type.dtype))
        }
        try run()
        try requireOutputMemory()
        return (0..<outputCount).map { outputTensor($0) }
    }
}
