#if Server
import Strata

/// The pictures of a plan, read.
enum TrainingPictures {
    case set(LabelledImages)
    case folder(training: ImageDataset, validation: ImageDataset?)

    /// Decoded pictures of a folder that are kept in memory.
    private static let cacheLimit = 1 << 30
    /// Pictures of a folder for the confusion matrix.
    private static let heldOutLimit = 2000

    init(_ plan: TrainingPlan) throws {
        switch plan.data {
        case .set(let info): self = .set(try info.load().train)
        case .folder(let path, let side, let names):
            guard plan.validationSplit > 0 else {
                self = .folder(
                    training: try imageDataset(
                        fromDirectory: path, classNames: names, batchSize: plan.batchSize,
                        imageSize: side, seed: UInt64(plan.seed)
                    ).cached(limit: Self.cacheLimit), validation: nil)
                return
            }
            let split = try imageDatasets(
                fromDirectory: path, classNames: names, batchSize: plan.batchSize, imageSize: side,
                seed: UInt64(plan.seed), validationSplit: plan.validationSplit)
            self = .folder(
                training: split.training.cached(limit: Self.cacheLimit),
                validation: split.validation.cached(limit: Self.cacheLimit))
        }
    }

    /// The numbers of pictures for training and for validation.
    func counts(_ plan: TrainingPlan) -> (training: Int, validation: Int) {
        switch self {
        case .set(let images):
            let count = trainingCount(of: images.count, validationSplit: plan.validationSplit)
            return (count, images.count - count)
        case .folder(let training, let validation):
            return (training.count, validation?.count ?? 0)
        }
    }

    /// The files of a folder that are not used, each with the reason.
    ///
    /// Damaged pictures are known once they were decoded, after an epoch at the latest.
    var unused: [String] {
        guard case .folder(let training, let validation) = self else { return [] }
        let damaged = training.damaged + (validation?.damaged ?? [])
        return training.problems
            + damaged.map { path, error in
                // The folder of the class and the file.
                let name = path.split(separator: "/").suffix(2).joined(separator: "/")
                return "\(name): \(error.problem)"
            }
    }

    func fit(_ model: Model, _ plan: TrainingPlan, _ callbacks: [Callback]) throws {
        switch self {
        case .set(let images):
            try model.fit(
                images.x, images.y, batchSize: plan.batchSize, epochs: plan.epochs,
                verbose: .silent, callbacks: callbacks, validationSplit: plan.validationSplit)
        case .folder(let training, let validation):
            try model.fit(
                training, epochs: plan.epochs, verbose: .silent, callbacks: callbacks,
                validationData: validation)
        }
    }

    /// Pictures that the model was not trained on.
    func heldOut(_ plan: TrainingPlan) throws -> LabelledImages? {
        switch self {
        case .set(let images):
            let count = counts(plan).training
            return count < images.count ? images[count..<images.count] : nil
        case .folder(_, let validation):
            return try validation?.first(Self.heldOutLimit)
        }
    }
}
#endif
