internal import Foundation

/// The source of the labels of images in a folder.
public enum DirectoryLabels: Sendable, Hashable {
    /// Each subfolder is a class.
    case inferred
    /// No labels.
    case none
    /// The class of each file, in the order of paths.
    case list([Int])
}

/// The form of labels.
public enum LabelMode: String, Sendable, Hashable, CaseIterable {
    /// `int32 [count]`, for `.sparseCategoricalCrossentropy`.
    case int
    /// `float32 [count, classes]`, for `.categoricalCrossentropy`.
    case categorical
    /// `float32 [count, 1]` of 0 and 1, for `.binaryCrossentropy`.
    case binary
    /// No labels.
    case none
}

/// One of two parts of a folder's images.
public enum DatasetSubset: String, Sendable, Hashable, CaseIterable {
    case training
    case validation
}

/// A data set of the images in a folder, decoded while the model trains.
///
/// ```swift
/// let data = try imageDataset(fromDirectory: "photos", imageSize: [96, 96])
/// data.classNames  // ["ants", "bees"]
/// ```
///
/// PNG and JPEG files are read, whatever their names, and rotated by their EXIF orientation; a JPEG
/// of more than twice the requested size is decoded at reduced scale. Unusable files (another kind,
/// an empty class, an unreadable file) are listed in one warning and in ``ImageDataset/problems``.
/// A damaged image is found when it is decoded, and is replaced by the next one.
///
/// - Parameters:
///   - directory: the folder.
///   - labels: the source of labels.
///   - labelMode: the form of labels.
///   - classNames: the folders in the order of their indices; sorted if left out.
///   - colorMode: the channels.
///   - batchSize: images in a batch, 1 or more.
///   - imageSize: height and width, or one number for both.
///   - shuffle: whether samples are shuffled in every epoch.
///   - seed: the random seed of the orders and of the validation split.
///   - validationSplit: the fraction for validation, above 0 and below 1; used with `subset`.
///   - subset: the part of the images.
///   - interpolation: the interpolation method of resizing.
///   - followLinks: whether links to folders are followed.
///   - cropToAspectRatio: whether an image of another aspect ratio is cropped instead of stretched.
///   - padToAspectRatio: whether it is padded with black instead.
///   - reducedDecoding: whether a large JPEG may be decoded at reduced scale, which is faster and
///     smoother, and pixels are rounded to bytes, a quarter of the memory; with `false`, values are
///     those of Keras.
///   - strict: whether an unusable file is an error.
/// - Returns: `uint8 [count, height, width, channels]` with labels; `float32` of 0 … 255 without
///   `reducedDecoding`.
/// - Throws: ``DataError``: no such folder, no images, arguments that exclude each other; with
///   `strict`, any unusable file.
///
/// ### Source
/// Keras 3.15.1 `image_dataset_from_directory`.
public func imageDataset<each ImageSize: IntegerList>(
    fromDirectory directory: String, labels: DirectoryLabels = .inferred,
    labelMode: LabelMode = .int, classNames: [String]? = nil, colorMode: ColorMode = .rgb,
    batchSize: Int = 32, imageSize: (repeat each ImageSize) = (), shuffle: Bool = true,
    seed: UInt64? = nil, validationSplit: Double? = nil, subset: DatasetSubset? = nil,
    interpolation: Interpolation = .bilinear, followLinks: Bool = false,
    cropToAspectRatio: Bool = false, padToAspectRatio: Bool = false,
    reducedDecoding: Bool = true, strict: Bool = false
) throws(DataError) -> ImageDataset {
    let imageSize = SpatialSize(joining: repeat each imageSize, or: [256, 256])
    return try imageDataset(
        directory, labels: labels, labelMode: labelMode, classNames: classNames,
        colorMode: colorMode, batchSize: batchSize, imageSize: imageSize, shuffle: shuffle,
        seed: seed, validationSplit: validationSplit, subset: subset,
        interpolation: interpolation, followLinks: followLinks,
        cropToAspectRatio: cropToAspectRatio, padToAspectRatio: padToAspectRatio,
        reducedDecoding: reducedDecoding, strict: strict, isReporting: true)
}

/// Both parts of a folder's images: for training and for validation.
///
/// The parameters are those of
/// ``imageDataset(fromDirectory:labels:labelMode:classNames:colorMode:batchSize:imageSize:shuffle:seed:validationSplit:subset:interpolation:followLinks:cropToAspectRatio:padToAspectRatio:reducedDecoding:strict:)``,
/// where Keras has `subset="both"`.
public func imageDatasets<each ImageSize: IntegerList>(
    fromDirectory directory: String, labels: DirectoryLabels = .inferred,
    labelMode: LabelMode = .int, classNames: [String]? = nil, colorMode: ColorMode = .rgb,
    batchSize: Int = 32, imageSize: (repeat each ImageSize) = (), shuffle: Bool = true,
    seed: UInt64? = nil, validationSplit: Double, interpolation: Interpolation = .bilinear,
    followLinks: Bool = false, cropToAspectRatio: Bool = false, padToAspectRatio: Bool = false,
    reducedDecoding: Bool = true, strict: Bool = false
) throws(DataError) -> (training: ImageDataset, validation: ImageDataset) {
    let imageSize = SpatialSize(joining: repeat each imageSize, or: [256, 256])
    func part(_ subset: DatasetSubset) throws(DataError) -> ImageDataset {
        try imageDataset(
            directory, labels: labels, labelMode: labelMode,
            classNames: classNames, colorMode: colorMode, batchSize: batchSize,
            imageSize: imageSize, shuffle: shuffle, seed: seed, validationSplit: validationSplit,
            subset: subset, interpolation: interpolation, followLinks: followLinks,
            cropToAspectRatio: cropToAspectRatio, padToAspectRatio: padToAspectRatio,
            reducedDecoding: reducedDecoding, strict: strict,
            isReporting: subset == .training)
    }
    return (try part(.training), try part(.validation))
}

/// - Parameter isReporting: whether to warn about unusable files.
private func imageDataset(
    _ directory: String, labels: DirectoryLabels, labelMode: LabelMode, classNames: [String]?,
    colorMode: ColorMode, batchSize: Int, imageSize: SpatialSize, shuffle: Bool, seed: UInt64?,
    validationSplit: Double?, subset: DatasetSubset?, interpolation: Interpolation,
    followLinks: Bool, cropToAspectRatio: Bool, padToAspectRatio: Bool, reducedDecoding: Bool,
    strict: Bool, isReporting: Bool
) throws(DataError) -> ImageDataset {
    let size: [Int]
    do throws(GraphError.Problem) {
        size = try imageSize.expanded(2, name: "imageSize")
    } catch {
        throw .invalidArgument(error.sentence, fix: error.fix)
    }
    guard batchSize > 0, size[0] <= ImageCodecs.pixelLimit / size[1] else {
        throw .invalidArgument(
            "batches of \(batchSize) pictures of \(size[0]) × \(size[1]) pixels are requested",
            fix: "use 1 picture or more of at most \(ImageCodecs.pixelLimit) pixels")
    }
    guard !cropToAspectRatio || !padToAspectRatio else {
        throw .invalidArgument(
            "cropToAspectRatio and padToAspectRatio are both set", fix: "set one of them")
    }
    try check(validationSplit, subset, isSeeded: !shuffle || seed != nil)
    let found = try ImageDirectory(
        directory, hasClasses: labels == .inferred && labelMode != .none, names: classNames,
        followsLinks: followLinks)
    if isReporting { try report(found.problems, in: directory, isStrict: strict) }
    var samples = try LabelledFiles(found, labels, labelMode, directory)
    guard !samples.files.isEmpty else {
        throw .invalidArgument(
            "there are no pictures in \(directory)", fix: "give a folder with PNG or JPEG files")
    }
    if let subset, let validationSplit {
        samples.split(validationSplit, subset, seed: shuffle ? seed : nil)
        guard !samples.files.isEmpty else {
            throw .invalidArgument(
                "validationSplit \(validationSplit) of \(found.files.count) pictures in \(directory) "
                    + "leaves none for \(subset.rawValue)",
                fix: "use another fraction, or add pictures")
        }
    }
    let loading = ImageLoading(
        colorMode: colorMode, height: size[0], width: size[1], interpolation: interpolation,
        fit: cropToAspectRatio ? .crop : padToAspectRatio ? .pad : .stretch,
        isReduced: reducedDecoding)
    return ImageDataset(
        classNames: found.classNames, filePaths: samples.files, labels: samples.classes,
        problems: found.problems,
        source: ImageFiles(
            samples.files, targets: samples.targets(labelMode), loading: loading,
            isStrict: strict), batchSize: batchSize,
        seed: shuffle ? seed ?? RandomGenerator.nextSeed() : nil)
}

/// - Parameter isSeeded: whether the order of images is reproducible.
private func check(
    _ validationSplit: Double?, _ subset: DatasetSubset?, isSeeded: Bool
) throws(DataError) {
    guard validationSplit.map({ $0 > 0 && $0 < 1 }) ?? true,
        (validationSplit == nil) == (subset == nil)
    else {
        throw .invalidArgument(
            "validationSplit is \(validationSplit.map { "\($0)" } ?? "missing") and subset "
                + "\(subset?.rawValue ?? "missing")",
            fix: "give both, the split above 0 and below 1, or none")
    }
    guard validationSplit == nil || isSeeded else {
        throw .invalidArgument(
            "a validationSplit of shuffled pictures needs a seed, so that both parts are cut alike",
            fix: "give the same seed for both, or shuffle: false")
    }
}

/// One warning for all problems, or with `isStrict` the first problem as an error.
private func report(
    _ problems: [String], in directory: String, isStrict: Bool
) throws(DataError) {
    guard let first = problems.first else { return }
    if isStrict {
        throw .invalidArgument(
            "\(directory)/\(first)", fix: "take it out of the folder, or set strict: false")
    }
    let text = problems.joined(separator: "; ")
    warn("\(directory): left out \(problems.count): \(text)")
}

/// Files with their classes.
private struct LabelledFiles {
    var files: [String]
    var classes: [Int]
    private let classCount: Int

    init(
        _ found: ImageDirectory, _ labels: DirectoryLabels, _ mode: LabelMode, _ directory: String
    ) throws(DataError) {
        files = found.files
        classes = found.classes
        if case .list(let given) = labels, mode != .none {
            guard given.count == files.count, given.allSatisfy({ $0 >= 0 }) else {
                throw .invalidArgument(
                    "\(given.count) labels were given for \(files.count) pictures in \(directory)",
                    fix: "give each picture, in the order of the paths, a class of 0 or more")
            }
            classes = given
        }
        let largest = (classes.max() ?? -1) + 1
        classCount = max(found.classNames.count, largest)
        guard mode != .binary || classCount == 2 else {
            throw .invalidArgument(
                "labelMode is binary, but there are \(classCount) classes",
                fix: "use int or categorical")
        }
    }

    /// Keeps one part: the last images of a shuffled order are for validation.
    mutating func split(_ fraction: Double, _ subset: DatasetSubset, seed: UInt64?) {
        var order = Array(files.indices)
        if let seed {
            var generator = RandomGenerator(seed: seed)
            order.shuffle(using: &generator)
        }
        let validation = Int(fraction * Double(order.count))
        let kept =
            switch subset {
            case .training: order.prefix(order.count - validation)
            case .validation: order.suffix(validation)
            }
        files = kept.map { files[$0] }
        if !classes.isEmpty { classes = kept.map { classes[$0] } }
    }

    func targets(_ mode: LabelMode) -> Tensor? {
        guard !classes.isEmpty else { return nil }
        switch mode {
        case .none: return nil
        case .int: return Tensor(classes.map { Int32(clamping: $0) })
        case .binary: return Tensor(classes.map { Float($0) }, shape: [classes.count, 1])
        case .categorical:
            var rows = [Float](repeating: 0, count: classes.count * classCount)
            for (row, number) in classes.enumerated() { rows[row * classCount + number] = 1 }
            return Tensor(rows, shape: [classes.count, classCount])
        }
    }
}
