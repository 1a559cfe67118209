/// The kind of targets, inferred from shapes.
///
/// Keras 3.15.1 `is_binary_or_sparse_categorical`.
enum TargetKind {
    case binary
    case sparseCategorical
    case categorical

    init(targets: Shape, predictions: Shape) {
        let columns = predictions.rank > 0 ? predictions[-1] : 1
        let hasOneColumn = targets.rank > 0 && targets[-1] == 1
        if columns == 1 {
            self = .binary
        } else if targets.rank < predictions.rank || hasOneColumn {
            self = .sparseCategorical
        } else {
            self = .categorical
        }
    }
}
