/// Makes a layer of your own known, so that files with it can be loaded.
///
/// ```swift
/// registerLayer(Scale.self, package: "Pictures")  // "Pictures>Scale" in files, as in Python
/// ```
///
/// - Parameters:
///   - type: the class.
///   - package: what distinguishes it from classes of other people.
///   - name: its name there; ``Layer/className`` if left out.
public func registerLayer(
    _ type: any SerializableLayer.Type, package: String = "Custom", name: String? = nil
) {
    LayerRegistry.custom.register(
        type, ObjectIdentifier(type), className: type.className, package: package, name: name)
}

/// Makes a loss of your own known, so that models that were compiled with it can be loaded.
///
/// - Parameters:
///   - type: the type.
///   - package: what distinguishes it from those of other people.
///   - name: its name there; its `className` if left out.
public func registerLoss(
    _ type: any Loss.Type, package: String = "Custom", name: String? = nil
) {
    LossRegistry.custom.register(
        type, ObjectIdentifier(type), className: type.className, package: package, name: name)
}

/// Makes a metric of your own known, so that models that were compiled with it can be loaded.
///
/// - Parameters:
///   - type: the type.
///   - package: what distinguishes it from those of other people.
///   - name: its name there; its `className` if left out.
public func registerMetric(
    _ type: any Metric.Type, package: String = "Custom", name: String? = nil
) {
    MetricRegistry.custom.register(
        type, ObjectIdentifier(type), className: type.className, package: package, name: name)
}

/// Makes an optimizer of your own known, so that models that were compiled with it can be loaded.
///
/// - Parameters:
///   - type: the type.
///   - package: what distinguishes it from those of other people.
///   - name: its name there; its `className` if left out.
public func registerOptimizer(
    _ type: any Optimizer.Type, package: String = "Custom", name: String? = nil
) {
    OptimizerRegistry.custom.register(
        type, ObjectIdentifier(type), className: type.className, package: package, name: name)
}
