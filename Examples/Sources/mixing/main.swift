// Trains on a folder of class folders with pictures and labels mixed by MixUp and then by CutMix, and
// prints the accuracy on whole pictures.
//
//     swift run -c release --package-path Examples mixing FOLDER [EPOCHS]

import Strata

let arguments = CommandLine.arguments
let folder = arguments.count > 1 ? arguments[1] : "photos"
let epochs = arguments.count > 2 ? Int(arguments[2]) ?? 20 : 20
setRandomSeed(1)

let (train, validation) = try imageDatasets(
    fromDirectory: folder, labelMode: .categorical, batchSize: 16, imageSize: [96, 96], seed: 1,
    validationSplit: 0.2)
let mixed = train.cached(limit: 1 << 30).mapped(MixUp(alpha: 0.2)).mapped(CutMix(0.5))

var layers: [Layer] = [Rescaling(1 / 255.0), RandomFlip(.horizontal)]
for filters in [32, 64, 128] {
    layers += [
        Conv2D(filters, kernelSize: 3, padding: .same), BatchNormalization(), ReLU(),
        MaxPooling2D(2),
    ]
}
layers += [GlobalAveragePooling2D(), Dense(train.classNames.count, activation: .softmax)]
let image = Input(shape: [96, 96, 3])
let model = try Model(inputs: image, outputs: layers.reduce(image) { $1($0) })
try model.compile(optimizer: Adam(), loss: .categoricalCrossentropy, metrics: [.accuracy])
try model.fit(mixed, epochs: epochs, verbose: .line, validationData: validation)
let accuracy = try model.evaluate(validation, verbose: .silent)["accuracy"] ?? .nan
print("\(accuracy) of pictures for validation are told right after \(epochs) epochs")
