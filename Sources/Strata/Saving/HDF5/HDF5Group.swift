internal import StrataGraph

/// A group of an HDF5 file with its contents, as a value.
struct HDF5Group: Sendable, Hashable {
    /// The attributes that are strings.
    var attributes: [String: String] = [:]
    /// The attributes that are lists of strings, which Keras 2 writes; they are only read.
    var textLists: [String: [String]] = [:]
    var groups: [String: HDF5Group] = [:]
    var tensors: [String: Tensor] = [:]

    /// The number of elements of all tensors, including those of nested groups.
    var elementCount: Int {
        groups.values.reduce(tensors.values.reduce(0) { $0 + $1.count }) { $0 + $1.elementCount }
    }
}
