internal import Foundation
internal import Strata

/// What a space's values mean. These names stand in files of users and in journals.
extension HyperCNN {
    private enum Downsampling: String, CaseIterable, HyperParameterConvertible {
        case pooling
        case strides
    }

    private enum PoolingKind: String, CaseIterable, HyperParameterConvertible {
        case max
        case average
    }

    private enum Head: String, CaseIterable, HyperParameterConvertible {
        case flatten
        case globalAverage = "global_average"
        case globalMax = "global_max"
    }

    private enum OptimizerName: String, CaseIterable, HyperParameterConvertible {
        case adam
        case adamw
        case sgd
    }

    private enum ScheduleName: String, CaseIterable, HyperParameterConvertible {
        case constant
        case cosine
    }

    /// The most filters of a layer, unless the first block has more.
    private static let mostFilters = 128
    /// More filters or units than any machine of today trains.
    private static let mostUnits = 65_536

    /// Asks for all hyperparameters.
    func description(_ hp: HyperParameters) throws -> NetworkDescription {
        try check()
        var layers = try inputLayers(hp)
        let activation = try hp.choice("activation", NetworkActivation.allCases)
        layers += try blocks(hp, activation)
        layers += try lastLayers(hp, activation)
        let batchSize = try batchSize(hp)
        return NetworkDescription(
            inputShape: inputShape, layers: layers,
            optimizer: try optimizer(hp, batchSize: batchSize), batchSize: batchSize,
            epochs: epochs)
    }

    /// - Throws: a ``HyperParameterError`` unless there are images, classes and steps.
    private func check() throws(HyperParameterError) {
        guard inputShape.count == 3, inputShape.allSatisfy({ $0 > 0 }) else {
            throw HyperParameterError(
                nil, "inputShape of HyperCNN is \(inputShape)",
                fix: "use [height, width, channels]")
        }
        for (name, value) in [("classes", classes), ("samples", samples), ("epochs", epochs)]
        where value < 1 {
            throw HyperParameterError(
                nil, "\(name) of HyperCNN is \(value)", fix: "use 1 or more")
        }
    }

    /// Scaling and augmentation.
    private func inputLayers(_ hp: HyperParameters) throws -> [NetworkLayer] {
        var layers: [NetworkLayer] = [.rescaling]
        if allowsHorizontalFlips, try hp.boolean("horizontal_flip") {
            layers.append(.horizontalFlip)
        }
        if try hp.boolean("translation") { layers.append(.translation(0.1)) }
        return layers
    }

    private func blocks(
        _ hp: HyperParameters, _ activation: NetworkActivation
    ) throws -> [NetworkLayer] {
        let blocks = try count(hp.int("blocks", minValue: 2, maxValue: 4), "blocks", 1...100)
        let convolutions = try count(
            hp.int("convolutions", minValue: 1, maxValue: 2), "convolutions", 1...100)
        let filters = try count(
            hp.choice("filters", [16, 24, 32, 48, 64]), "filters", 1...Self.mostUnits)
        let growth = try hp.choice("filter_growth", [1, 1.5, 2.0])
        let size = try count(hp.choice("kernel_size", [3, 5, 7]), "kernel_size", 1...100)
        let padding = try hp.choice("padding", NetworkPadding.allCases)
        let downsampling = try hp.choice("downsampling", Downsampling.allCases)
        let pooling = try hp.conditionalScope("downsampling", [Downsampling.pooling]) {
            let kind = try hp.choice("pooling", PoolingKind.allCases)
            let poolSize = try count(hp.choice("pool_size", [2, 3]), "pool_size", 1...100)
            return switch kind {
            case .max: NetworkLayer.maxPooling(poolSize: poolSize)
            case .average: NetworkLayer.averagePooling(poolSize: poolSize)
            }
        }
        let isNormalized = try hp.boolean("batch_normalization")
        let rate = try hp.float("block_dropout", minValue: 0, maxValue: 0.4, step: 0.1)

        var layers: [NetworkLayer] = []
        for block in 0..<blocks {
            // Larger kernels are for the largest image; deeper, they take most of the time.
            let size = block == 0 ? size : 3
            for convolution in 1...convolutions {
                let isStrided = downsampling == .strides && convolution == convolutions
                layers.append(
                    .convolution(
                        filters: Self.grown(filters, growth, block: block), kernelSize: size,
                        strides: isStrided ? 2 : 1, padding: padding,
                        activation: isNormalized ? nil : activation))
                if isNormalized { layers += [.batchNormalization, .activation(activation)] }
            }
            if let pooling { layers.append(pooling) }
            if rate > 0 { layers.append(.dropout(Float(rate))) }
        }
        return layers
    }

    /// The filters of a block, from 0.
    private static func grown(_ filters: Int, _ growth: Double, block: Int) -> Int {
        let grown = Double(filters) * pow(growth, Double(block))
        // A space of the user's own may have any growth; 0 is an error of the layer.
        return Int(min(max(grown.isNaN ? 0 : grown, 0), Double(max(filters, mostFilters))))
    }

    private func lastLayers(
        _ hp: HyperParameters, _ activation: NetworkActivation
    ) throws -> [NetworkLayer] {
        let head = try hp.choice("head", Head.allCases)
        let units = try count(
            hp.choice("dense_units", [0, 64, 128, 256, 512]), "dense_units", 0...Self.mostUnits)
        let rate = try hp.float("dropout", minValue: 0, maxValue: 0.5, step: 0.1)
        var layers: [NetworkLayer] =
            switch head {
            case .flatten: [.flatten]
            case .globalAverage: [.globalAveragePooling]
            case .globalMax: [.globalMaxPooling]
            }
        if units != 0 { layers.append(.dense(units, activation: activation)) }
        if rate > 0 { layers.append(.dropout(Float(rate))) }
        return layers + [.classes(classes)]
    }

    /// The number of images in a step.
    func batchSize(_ hp: HyperParameters) throws -> Int {
        try count(hp.choice("batch_size", [32, 64, 128, 256]), "batch_size", 1...65_536)
    }

    private func optimizer(_ hp: HyperParameters, batchSize: Int) throws -> NetworkOptimizer {
        let kind: NetworkOptimizer.Kind
        let rate: Double
        switch try hp.choice("optimizer", OptimizerName.allCases) {
        case .adam:
            kind = .adam
            rate = try learningRate(hp)
        case .adamw:
            rate = try learningRate(hp)
            kind = .adamw(
                weightDecay: Float(
                    try hp.float("weight_decay", minValue: 1e-3, maxValue: 0.1, sampling: .log)))
        case .sgd:
            rate = try hp.float("sgd_learning_rate", minValue: 3e-3, maxValue: 0.3, sampling: .log)
            kind = .sgd(momentum: Float(try hp.choice("momentum", [0.8, 0.9, 0.95])))
        }
        let schedule: NetworkOptimizer.Schedule =
            switch try hp.choice("schedule", ScheduleName.allCases) {
            case .constant: .constant
            case .cosine: .cosine(steps: steps(batchSize: batchSize))
            }
        return NetworkOptimizer(kind: kind, learningRate: Float(rate), schedule: schedule)
    }

    private func learningRate(_ hp: HyperParameters) throws -> Double {
        try hp.float("learning_rate", minValue: 3e-4, maxValue: 1e-2, sampling: .log)
    }

    /// The number of steps of the longest training.
    private func steps(batchSize: Int) -> Int {
        let (steps, isTooMany) = batchCount(of: samples, batchSize: batchSize)
            .multipliedReportingOverflow(by: epochs)
        return isTooMany ? .max : steps
    }

    /// A number of layers, filters or units.
    ///
    /// - Throws: a ``HyperParameterError`` if a space of the user's own has values without meaning.
    private func count(
        _ value: Int, _ name: String, _ range: ClosedRange<Int>
    ) throws(HyperParameterError) -> Int {
        if range.contains(value) { return value }
        throw HyperParameterError(
            name, "its value is \(value)",
            fix: "use \(range.lowerBound) to \(range.upperBound)")
    }
}
