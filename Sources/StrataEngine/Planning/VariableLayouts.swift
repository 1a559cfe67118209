internal import StrataGraph

/// The layouts of the variables of a plan.
///
/// A variable that the plan updates is resident in the engine, in the layout of its first reader or that it has from
/// an earlier plan; so is every variable of a frozen plan, of which the engine then has the only copy. Other variables stay in host memory, of which a run reads a copy, unless another plan has made
/// them resident.
struct VariableLayouts {
    private var placements: [Variable: Placement] = [:]
    private let updated: Set<Variable>

    private let isFrozen: Bool

    init(_ graph: Graph, isFrozen: Bool) {
        updated = Set(graph.updates.map(\.variable))
        self.isFrozen = isFrozen
    }

    func isUpdated(_ variable: Variable) -> Bool { updated.contains(variable) }

    /// Whether the plan makes the engine adopt it.
    func isResident(_ variable: Variable) -> Bool { isFrozen || isUpdated(variable) }

    func placement(of variable: Variable) -> Placement? { placements[variable] }

    mutating func set(_ placement: Placement, of variable: Variable) {
        placements[variable] = placement
    }

    /// The layout that a variable has already.
    func residentLayout(of variable: Variable) -> MemoryDescriptor? {
        placements[variable]?.layout ?? (variable.storage as? VariableBuffer)?.layout
    }

    /// The layout and the storage for a variable that is asked for the first time.
    func initial(
        _ variable: Variable, wanted: MemoryDescriptor
    ) throws(EngineError) -> (layout: MemoryDescriptor, storage: Plan.Buffer.Storage) {
        if let resident = variable.storage as? VariableBuffer {
            return (resident.layout, .variable(variable))
        }
        if isResident(variable) { return (wanted, .variable(variable)) }
        return (try .plain(variable.shape, variable.dtype), .variableCopy(variable))
    }
}
