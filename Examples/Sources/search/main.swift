// Searches the hyperparameters of a network of one's own on Shapes, which needs no download, and prints the best
// trials and what mattered. Started again, it goes on where it was; several at once work at one search.
//
//     swift run -c release --package-path Examples search [TRIALS] [FOLDER]

import Strata
import StrataSearch

let arguments = CommandLine.arguments
let trials = arguments.count > 1 ? Int(arguments[1]) ?? 10 : 10
let folder = arguments.count > 2 ? arguments[2] : "search"

let (train, test) = try Shapes.load()
let search = HyperparameterSearch(in: folder, algorithm: .random, seed: 1) { hp in
    let filters = try hp.choice("filters", [8, 16, 32])
    let kernelSize = try hp.choice("kernel_size", [3, 5])
    let isStrided = try hp.choice("downsampling", ["pooling", "strides"]) == "strides"
    let model = try Sequential {
        Input(shape: [28, 28, 1])
        Rescaling(1 / 255.0)
        for block in 0..<(try hp.int("blocks", minValue: 1, maxValue: 3)) {
            Conv2D(
                filters << block, kernelSize: kernelSize, strides: isStrided ? 2 : 1,
                padding: .same, activation: .relu)
            if !isStrided { MaxPooling2D(2) }
        }
        Flatten()
        if try hp.boolean("dropout") {
            Dropout(try hp.float("rate", minValue: 0.1, maxValue: 0.5, step: 0.1))
        }
        Dense(train.classNames.count, activation: .softmax)
    }
    let optimizer: any Optimizer =
        if try hp.choice("optimizer", ["adam", "sgd"]) == "adam" {
            Adam(
                learningRate: try hp.float(
                    "learning_rate", minValue: 3e-4, maxValue: 1e-2, sampling: .log))
        } else {
            SGD(
                learningRate: try hp.float(
                    "sgd_learning_rate", minValue: 3e-3, maxValue: 0.1, sampling: .log),
                momentum: 0.9)
        }
    try model.compile(
        optimizer: optimizer, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    return model
}
let results = try search.search(
    train, epochs: 3, validationSplit: 0.1, budget: SearchBudget(trials: trials))
print(results.summary)
print(results.table())
print(results.importanceTable)
let best = try search.bestModel()
try best.save("\(folder)/best.keras")
print(try best.evaluate(test, verbose: .silent))
