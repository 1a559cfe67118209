/// The optimizers by Keras's class names; **one line each**.
package enum OptimizerRegistry {
    static let custom = CustomClasses<any Optimizer.Type>()

    package static let types: [any Optimizer.Type] = [
        Adadelta.self,
        Adafactor.self,
        Adagrad.self,
        Adam.self,
        AdamW.self,
        Adamax.self,
        Ftrl.self,
        Lamb.self,
        Lion.self,
        LossScaleOptimizer.self,
        Muon.self,
        Nadam.self,
        RMSprop.self,
        SGD.self,
    ]

    private static let named = SerializedObject.byName(types) { $0.className }

    /// The optimizer for an object or a name such as `"rmsprop"`.
    package static func optimizer(_ value: JSONValue, path: String) throws(ConfigurationError)
        -> any Optimizer
    {
        let object = try SerializedObject(named: value, path: path)
        // Keras takes the class's name in small letters, too.
        let aliases = Dictionary(
            uniqueKeysWithValues: types.map { ($0.className.lowercased(), $0.className) })
        let type: any Optimizer.Type = try object.find(
            in: named, custom, aliases: aliases, kind: "optimizer", path: path
        )
        return try type.init(configuration: object.configuration(path: path))
    }
}
