package import StrataGraph

/// The engine of this machine's processor.
package struct CPUEngine: Engine {
    package init() {}

    package func prepare(_ graph: Graph) throws -> any PreparedGraph {
        try Executable(Plan(graph))
    }

    package var threadCount: Int {
        get { Threads.count }
        nonmutating set { Threads.count = newValue }
    }

    package func computeAlone() { Threads.workAlone() }

    package var computesBfloat16: Bool { Processor.computesBfloat16 }
}

extension Executable: PreparedGraph {
    package var inputTypes: [(name: String, type: TensorType)] {
        plan.inputs.map { ($0.name, TensorType(Shape($0.endpoint.shape), $0.endpoint.dtype)) }
    }

    package var outputCount: Int { plan.outputs.count }

    package var planDescription: String { plan.description }
}
