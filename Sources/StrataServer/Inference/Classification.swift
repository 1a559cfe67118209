#if Server
import Strata

extension ServedModel {
    /// The largest values of each sample as texts `value:index:label`, as in Triton's extension
    /// `classification`; the label is left out if the model has no names.
    ///
    /// - Returns: `BYTES`, of the output's shape with `count` instead of its last dimension, or fewer
    ///   if there are not so many classes.
    func classification(
        _ tensor: Tensor, name: String, count: Int
    ) throws(ServingError) -> InferenceTensor {
        guard tensor.rank >= 2, let classes = tensor.shape.last, classes > 0 else {
            throw ServingError(
                .invalidArgument,
                "output \(quoted(name)) has shape \(tensor.shape), which is no row of classes; "
                    + "leave classification out")
        }
        let values = tensor.scalars
        if let index = values.firstIndex(where: \.isNaN) {
            throw ServingError(
                .invalidArgument,
                "output \(quoted(name)) of sample \(index / classes) is NaN, which is in no order; "
                    + "leave classification out, or train the model again")
        }
        let top = min(count, classes)
        var texts: [[UInt8]] = []
        texts.reserveCapacity(values.count / classes * top)
        for start in stride(from: 0, to: values.count, by: classes) {
            let row = values[start..<start + classes]
            for index in row.largest(top) {
                let value = "\(row[start + index]):\(index)"
                let names = predictor.classNames
                let label = names.flatMap { $0.indices.contains(index) ? ":\($0[index])" : nil }
                texts.append(Array((value + (label ?? "")).utf8))
            }
        }
        return InferenceTensor(
            checked: name, .bytes, tensor.shape.dropLast() + [top], .bytes(texts))
    }
}

extension ArraySlice<Float> {
    /// The offsets of the largest values, the largest first; of equal ones the first.
    func largest(_ count: Int) -> [Int] {
        let order = indices.sorted { self[$0] == self[$1] ? $0 < $1 : self[$0] > self[$1] }
        return order.prefix(count).map { $0 - startIndex }
    }
}
#endif
