internal import StrataGraph

extension Plan: CustomStringConvertible {
    /// The plan as text: a line for each step, with the reasons for the algorithm of a convolution, and the memory.
    package var description: String {
        var lines: [String] = []
        if !prologue.isEmpty {
            lines.append("once, and again when a variable changed:")
            lines += prologue.map(line)
        }
        lines.append("every step:")
        lines += steps.map(line)
        let shared = "\(arenaByteCount) bytes for activations and scratchpads"
        lines.append(
            "memory: \(shared) (\(unsharedByteCount) unshared), \(persistentByteCount) kept")
        return lines.joined(separator: "\n")
    }

    private func line(_ step: Step) -> String {
        let reads = step.reads.map(label).joined(separator: ", ")
        let writes = step.writes.map(label).joined(separator: ", ")
        let note = step.note.isEmpty ? "" : "  [\(step.note)]"
        let reasons = (step.choice?.explanation ?? []).map { "\n      \($0)" }.joined()
        return "  \(writes) = \(step.name)(\(reads))\(note)\(reasons)"
    }

    private func label(_ buffer: Int) -> String {
        switch buffers[buffer].storage {
        case .arena, .persistent: "%\(buffer)"
        case .input(let number): "input(\(inputs[number].name))"
        case .constant: "constant"
        case .variable(let variable), .variableCopy(let variable): "@\(variable.name)"
        }
    }
}
