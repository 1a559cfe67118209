/// A set of gray 28 × 28 images in four gzipped IDX files: MNIST and Fashion-MNIST.
struct IDXSet: Sendable {
    let title: String
    /// The set's folder in the cache.
    let folder: String
    let address: String
    let classNames: [String]
    let train: Split
    let test: Split

    /// A pair of files with images and labels.
    struct Split: Sendable {
        let prefix: String
        let count: Int
        let images: (byteCount: Int, sha256: String)
        let labels: (byteCount: Int, sha256: String)

        var imageName: String { "\(prefix)-images-idx3-ubyte.gz" }
        var labelName: String { "\(prefix)-labels-idx1-ubyte.gz" }
    }

    /// The files, relative to the cache.
    var files: [String] {
        [train, test].flatMap { ["\(folder)/\($0.imageName)", "\(folder)/\($0.labelName)"] }
    }

    func load(from cache: DatasetCache) throws(DataError) -> DatasetSplits {
        (try load(train, from: cache), try loadTest(from: cache))
    }

    func loadTest(from cache: DatasetCache) throws(DataError) -> LabelledImages {
        try load(test, from: cache)
    }

    private func load(_ split: Split, from cache: DatasetCache) throws(DataError) -> LabelledImages
    {
        let images = try file(split.imageName, facts: split.images, in: cache)
        let labels = try file(split.labelName, facts: split.labels, in: cache)
        return try LabelledImages.checked(
            x: try IDXFile.read(images, row: [28, 28], limit: split.count),
            y: try IDXFile.read(labels, row: [], limit: split.count),
            classNames: classNames, labelFile: labels)
    }

    private func file(
        _ name: String, facts: (byteCount: Int, sha256: String), in cache: DatasetCache
    ) throws(DataError) -> String {
        try cache.file(
            "\(folder)/\(name)", of: title,
            from: RemoteFile(
                address: "\(address)/\(name)", byteCount: facts.byteCount, sha256: facts.sha256))
    }
}

extension LabelledImages {
    /// Images and labels from files, whose numbers may differ.
    static func checked(
        x: Tensor, y: Tensor, classNames: [String], labelFile: String
    ) throws(DataError) -> LabelledImages {
        guard x.shape[0] == y.shape[0] else {
            throw .corruptSet(
                file: labelFile, problem: "it has \(y.shape[0]) labels for \(x.shape[0]) pictures")
        }
        if let wrong = y.integers.first(where: { $0 >= classNames.count }) {
            throw .corruptSet(
                file: labelFile,
                problem: "it has the label \(wrong), where there are \(classNames.count) classes")
        }
        return try LabelledImages(x: x, y: y, classNames: classNames)
    }
}
