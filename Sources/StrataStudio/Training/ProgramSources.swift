#if Server
import Foundation
import Strata

/// The programs that train and save the network of a plan, in Swift and in Python.
struct ProgramSources {
    let plan: TrainingPlan

    var swift: String {
        let shape = plan.inputShape.map(String.init).joined(separator: ", ")
        let layers = plan.blocks.map { "    \($0.swift)\n" }.joined()
        let rate = plan.learningRate
        return """
            import Strata

            setRandomSeed(\(plan.seed))
            \(swiftData)

            let model = try Sequential {
                Input(shape: [\(shape)])
                Rescaling(1 / 255.0)
            \(layers)    Dense(\(plan.classNames.count), activation: .softmax)
            }
            try model.compile(
                optimizer: \(plan.optimizer.swift(learningRate: rate)),
                loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
            \(swiftFit)
            try model.save("model.keras")

            """
    }

    private var swiftData: String {
        switch plan.data {
        case .set(let info): "let (train, test) = try \(Self.type(of: info)).load()"
        case .folder(let path, let side, _):
            plan.validationSplit > 0
                ? """
                let (train, validation) = try imageDatasets(
                    fromDirectory: \(path.debugDescription), batchSize: \(plan.batchSize),
                    imageSize: \(side), seed: \(plan.seed), validationSplit: \(plan.validationSplit))
                """
                : """
                let train = try imageDataset(
                    fromDirectory: \(path.debugDescription), batchSize: \(plan.batchSize),
                    imageSize: \(side), seed: \(plan.seed))
                """
        }
    }

    private var swiftFit: String {
        let held = plan.validationSplit > 0
        switch plan.data {
        case .set:
            let split = held ? ", validationSplit: \(plan.validationSplit)" : ""
            return """
                try model.fit(train, batchSize: \(plan.batchSize), epochs: \(plan.epochs)\(split))
                print(try model.evaluate(test, verbose: .silent))
                """
        case .folder:
            return "try model.fit(train, epochs: \(plan.epochs)"
                + (held ? ", validationData: validation)" : ")")
        }
    }

    private static func type(of info: DatasetInfo) -> String {
        [
            "fashion_mnist": "FashionMNIST", "mnist": "MNIST", "cifar10": "CIFAR10",
            "cifar100": "CIFAR100",
        ][info.name] ?? "Shapes"
    }

    var python: String {
        let shape = plan.inputShape.map(String.init).joined(separator: ", ")
        let layers = plan.blocks.flatMap(\.python).map { "    \($0),\n" }.joined()
        return """
            import keras
            \(pythonImport)from keras import layers

            keras.utils.set_random_seed(\(plan.seed))
            \(pythonData)

            model = keras.Sequential([
                keras.Input(shape=(\(shape))),
                layers.Rescaling(1 / 255),
            \(layers)    layers.Dense(\(plan.classNames.count), activation="softmax"),
            ])
            model.compile(
                optimizer=\(plan.optimizer.python(learningRate: plan.learningRate)),
                loss="sparse_categorical_crossentropy", metrics=["accuracy"])
            \(pythonFit)
            model.save("model.keras")

            """
    }

    private var isShapes: Bool {
        if case .set(let info) = plan.data { info.name == "shapes" } else { false }
    }

    private var pythonImport: String { isShapes ? "import numpy\n" : "" }

    private var pythonData: String {
        switch plan.data {
        case .set(let info):
            let source =
                isShapes
                ? """
                # Strata draws these pictures: the page offers them as shapes.npz.
                with numpy.load("shapes.npz") as shapes:
                    x_train, y_train, x_test, y_test = (
                        shapes[name] for name in ("x_train", "y_train", "x_test", "y_test"))
                """
                : "(x_train, y_train), (x_test, y_test) = keras.datasets.\(info.name).load_data()"
            return source
                + (info.imageShape.count == 2
                    ? "\nx_train, x_test = x_train[..., None], x_test[..., None]" : "")
        case .folder(let path, let side, _):
            let split =
                plan.validationSplit > 0
                ? ",\n    validation_split=\(plan.validationSplit), subset=\"both\")" : ")"
            return """
                \(plan.validationSplit > 0 ? "train, validation" : "train") = keras.utils.image_dataset_from_directory(
                    \(JSONValue.string(path).text), batch_size=\(plan.batchSize), image_size=(\(side), \(side)),
                    seed=\(plan.seed)\(split)
                """
        }
    }

    private var pythonFit: String {
        let held = plan.validationSplit > 0
        switch plan.data {
        case .set:
            return """
                model.fit(x_train, y_train, batch_size=\(plan.batchSize), epochs=\(plan.epochs)\
                \(held ? ", validation_split=\(plan.validationSplit)" : ""))
                print(model.evaluate(x_test, y_test, verbose=0))
                """
        case .folder:
            return "model.fit(train, epochs=\(plan.epochs)"
                + (held ? ", validation_data=validation)" : ")")
        }
    }

    var json: JSONValue { ["swift": .string(swift), "python": .string(python)] }
}
#endif
