public import StrataGraph

/// The engine of this machine's processor.
public struct CPUEngine: Engine {
    public init() {}

    /// Computes tensors once.
    ///
    /// - Parameters:
    ///   - outputs: what to compute.
    ///   - inputs: the values of the inputs, by name.
    /// - Throws: a `GraphError` where a tensor carries one or an input's value does not fit, or what
    ///   the engine could not do.
    public func evaluate(_ outputs: [SymbolicTensor], inputs: [String: Tensor] = [:]) throws
        -> [Tensor]
    {
        try prepare(Graph(outputs: outputs)).evaluate(inputs)
    }

    package func prepare(_ graph: Graph) throws -> any PreparedGraph {
        try Executable(Plan(graph))
    }

    /// How many threads compute what is prepared afterwards; 1 or more.
    public var threadCount: Int {
        get { Threads.count }
        nonmutating set { Threads.count = newValue }
    }

    package func useThreads(_ count: Int) { Threads.use(count) }

    package func makeFrozenGraphs() -> any FrozenGraphs { FrozenPlans() }

    package var computesBfloat16: Bool { Processor.computesBfloat16 }

    package var description: EngineDescription {
        EngineDescription(library: "oneDNN \(Device.version)", instructions: Device.instructions)
    }
}

extension Executable: PreparedGraph {
    package var inputTypes: [(name: String, type: TensorType)] {
        plan.inputs.map { ($0.name, TensorType(Shape($0.endpoint.shape), $0.endpoint.dtype)) }
    }

    package var outputCount: Int { plan.outputs.count }

    package func outputShape(_ index: Int) -> [Int] { plan.outputs[index].shape }

    package var planDescription: String { plan.description }
}
