extension Model {
    /// The direction in which a quantity of the model's logs improves.
    ///
    /// The metric of that name defines it; otherwise it follows from the name.
    ///
    /// - Parameter name: such as `val_loss` or `accuracy`.
    /// - Returns: `nil` if neither defines it.
    public func direction(ofQuantity name: String) -> ObjectiveDirection? {
        let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
        let tracker = compilation?.trackers?.first { $0.name == plain }
        if case .metric(let metric, _, _)? = tracker?.quantity, let known = metric.direction {
            return known
        }
        return ObjectiveDirection(ofQuantity: plain)
    }
}
