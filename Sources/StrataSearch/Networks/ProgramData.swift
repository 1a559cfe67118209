/// The data that a printed program trains with.
public enum ProgramData: Sendable, Hashable {
    /// A data set, by the name of its type, such as `FashionMNIST`; a fraction of the training
    /// images is held out for validation.
    case dataset(String, validationSplit: Double = 0)
    /// A folder of class folders; a fraction of the images is held out for validation.
    case folder(String, validationSplit: Double = 0.2)
}

extension ProgramData {
    /// The statement that loads the data.
    func loading(imageSize: [Int], batchSize: Int) -> String {
        switch self {
        case .dataset(let name, _): return "let (train, test) = try \(name).load()"
        case .folder(let path, let split):
            let size = imageSize.prefix(2).map(String.init).joined(separator: ", ")
            let mode = imageSize.last == 1 ? "colorMode: .grayscale, " : ""
            return """
                let (train, validation) = try imageDatasets(
                    fromDirectory: \(Self.literal(path)), \(mode)batchSize: \(batchSize),
                    imageSize: [\(size)], seed: 1, validationSplit: \(split))
                """
        }
    }

    /// The statements that train the model, and measure it on the test images if there are any.
    func fit(batchSize: Int, epochs: Int) -> String {
        switch self {
        case .dataset(_, let split):
            let held = split > 0 ? ", validationSplit: \(split)" : ""
            return """
                try model.fit(train, batchSize: \(batchSize), epochs: \(epochs)\(held))
                print(try model.evaluate(test, verbose: .silent))
                """
        case .folder:
            return "try model.fit(train, epochs: \(epochs), validationData: validation)"
        }
    }

    /// A text as a literal, with what Swift would read as an end or an escape.
    private static func literal(_ text: String) -> String {
        text.debugDescription
    }
}
