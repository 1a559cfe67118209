// Trains on a folder of pictures, which are decoded anew in every epoch, or with `cached` in the first
// one alone. The line of an epoch tells how much of it was spent waiting for data, from 1 % on.
//
//     swift run -c release --package-path Examples waiting FOLDER SIZE strided|vgg EPOCHS [cached]

import Foundation
import Strata

func model(_ name: String, size: Int, classes: Int) throws -> Model {
    let input = Input(shape: Shape([size, size, 3]))
    var x = Rescaling(1 / 255.0)(input)
    for filters in [32, 64, 128] {
        if name == "vgg" {
            for _ in 0..<2 {
                x = Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)(x)
                x = BatchNormalization()(x)
            }
            x = MaxPooling2D(2)(x)
        } else {
            x = Dropout(0.2)(Conv2D(filters, kernelSize: 3, strides: 2, activation: .relu)(x))
        }
    }
    x = Dropout(0.2)(Flatten()(x))
    x = Dropout(0.2)(Dense(name == "vgg" ? 1024 : 512, activation: .relu)(x))
    return try Model(inputs: input, outputs: Dense(classes, activation: .softmax)(x))
}

let arguments = CommandLine.arguments
guard arguments.count >= 5, let size = Int(arguments[2]), let epochs = Int(arguments[4]) else {
    print("usage: waiting FOLDER SIZE strided|vgg EPOCHS [cached]")
    exit(2)
}
setRandomSeed(1)
let folder = try imageDataset(
    fromDirectory: arguments[1], batchSize: size < 64 ? 128 : 16, imageSize: [size, size])
let data = arguments.contains("cached") ? folder.cached(limit: 1 << 30) : folder
let network = try model(arguments[3], size: size, classes: data.classNames.count)
try network.compile(optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
try network.fit(data, epochs: epochs, verbose: .line)
