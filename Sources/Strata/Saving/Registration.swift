/// Registers a custom layer, so that files with it can be loaded.
///
/// ```swift
/// registerLayer(Scale.self, package: "Pictures")  // "Pictures>Scale" in files, as in Python
/// ```
///
/// - Parameters:
///   - type: the class.
///   - package: a name that distinguishes it from other classes.
///   - name: its name in files; ``Layer/className`` if left out.
public func registerLayer(
    _ type: any SerializableLayer.Type, package: String = "Custom", name: String? = nil
) {
    LayerRegistry.custom.register(
        type, ObjectIdentifier(type), className: type.className, package: package, name: name)
}

/// Registers a custom loss, so that models compiled with it can be loaded.
///
/// - Parameters:
///   - type: the type.
///   - package: a name that distinguishes it from other types.
///   - name: its name in files; its `className` if left out.
public func registerLoss(
    _ type: any Loss.Type, package: String = "Custom", name: String? = nil
) {
    LossRegistry.custom.register(
        type, ObjectIdentifier(type), className: type.className, package: package, name: name)
}

/// Registers a custom metric, so that models compiled with it can be loaded.
///
/// - Parameters:
///   - type: the type.
///   - package: a name that distinguishes it from other types.
///   - name: its name in files; its `className` if left out.
public func registerMetric(
    _ type: any Metric.Type, package: String = "Custom", name: String? = nil
) {
    MetricRegistry.custom.register(
        type, ObjectIdentifier(type), className: type.className, package: package, name: name)
}

/// Registers a custom optimizer, so that models compiled with it can be loaded.
///
/// - Parameters:
///   - type: the type.
///   - package: a name that distinguishes it from other types.
///   - name: its name in files; its `className` if left out.
public func registerOptimizer(
    _ type: any Optimizer.Type, package: String = "Custom", name: String? = nil
) {
    OptimizerRegistry.custom.register(
        type, ObjectIdentifier(type), className: type.className, package: package, name: name)
}
