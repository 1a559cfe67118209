/// One way to make something illegal, with the problems that must be found then.
struct Damage<Subject>: Sendable, CustomStringConvertible {
    var description: String
    var problems: [String]
    var apply: @Sendable (inout Subject) -> Void

    init(
        _ description: String, _ problems: String...,
        apply: @escaping @Sendable (inout Subject) -> Void
    ) {
        self.description = description
        self.problems = problems
        self.apply = apply
    }
}
