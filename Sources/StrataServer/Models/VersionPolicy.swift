#if Server
/// Which versions of a model are served.
public enum VersionPolicy: Sendable, Hashable {
    /// So many of the latest that can be loaded.
    case latest(Int)
    case all
    /// These, by their folder names.
    case specific(Set<String>)
}
#endif
