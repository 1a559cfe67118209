import Strata

/// A model's prediction for an image.
struct Prediction {
    let picture: Picture
    /// The probability of each class.
    let probabilities: [Float]
    /// The class names, if known, as many as probabilities.
    let classNames: [String]?

    /// The predicted class.
    var best: Int { ranking.first ?? 0 }

    func name(_ index: Int) -> String {
        guard let classNames, classNames.indices.contains(index) else { return "class \(index)" }
        return classNames[index]
    }

    private var ranking: [Int] {
        probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
    }

    /// `boot.png: Ankle boot 98.2 %, Sneaker 1.1 %, Sandal 0.6 %`.
    var text: String {
        let likely = ranking.prefix(3).map { "\(name($0)) \(percent(probabilities[$0]))" }
        let truth =
            picture.label.map { $0 == best ? " (right)" : " (true class: \(name($0)))" } ?? ""
        return "\(picture.name): \(likely.joined(separator: ", "))\(truth)"
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "picture": .string(picture.name), "class": .integer(best),
            "probability": .float(probabilities[best]),
            "probabilities": .array(probabilities.map { .float($0) }),
        ]
        if classNames != nil { members["name"] = .string(name(best)) }
        if let label = picture.label { members["label"] = .integer(label) }
        return .object(members)
    }

    func percent(_ probability: Float) -> String {
        "\((probability * 1000).rounded() / 10) %"
    }
}
