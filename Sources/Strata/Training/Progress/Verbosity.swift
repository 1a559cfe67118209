/// How `fit`, `evaluate` and `predict` show their progress on standard output.
public enum Verbosity: Sendable, Hashable {
    /// A bar on a terminal, a line for each epoch elsewhere.
    case automatic
    case silent
    /// A progress bar.
    case bar
    /// A line for each epoch.
    case line
}
