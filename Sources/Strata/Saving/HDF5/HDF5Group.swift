internal import StrataGraph

/// A group of an HDF5 file with all that is in it, as a value.
struct HDF5Group: Sendable, Hashable {
    /// The attributes that are texts.
    var attributes: [String: String] = [:]
    /// The attributes that are lists of texts, which Keras 2 writes; they are read only.
    var textLists: [String: [String]] = [:]
    var groups: [String: HDF5Group] = [:]
    var tensors: [String: Tensor] = [:]

    /// How many numbers the tensors have, those in groups inside included.
    var elementCount: Int {
        groups.values.reduce(tensors.values.reduce(0) { $0 + $1.count }) { $0 + $1.elementCount }
    }
}
