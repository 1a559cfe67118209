/// The order of samples, epoch after epoch.
final class SampleOrder {
    private let count: Int
    private let isShuffled: Bool
    /// The seed of the current pass.
    private var seed: UInt64 = 0
    /// The remaining samples of the current pass, if an epoch is not a whole pass.
    private var rest: ArraySlice<Int> = []

    init(count: Int, isShuffled: Bool) {
        self.count = count
        self.isShuffled = isShuffled
    }

    /// The samples of a new pass.
    func nextPass() -> [Int] {
        if isShuffled { seed = RandomGenerator.nextSeed() }
        return pass
    }

    /// The samples of the current pass, from its first one.
    var pass: [Int] {
        guard isShuffled else { return Array(0..<count) }
        var generator = RandomGenerator(seed: seed)
        return (0..<count).shuffled(using: &generator)
    }

    /// The next samples, which continue where the last ones ended.
    func next(_ length: Int) -> [Int] {
        var order: [Int] = []
        while order.count < length {
            if rest.isEmpty { rest = nextPass()[...] }
            let part = rest.prefix(length - order.count)
            order += part
            rest = rest.dropFirst(part.count)
        }
        return order
    }

    /// The place in the order, to be continued by ``restore(_:)``.
    var position: [String: JSONValue] {
        ["seed": .integer(Int(truncatingIfNeeded: seed)), "samples_left": .integer(rest.count)]
    }

    func restore(_ position: [String: JSONValue]) {
        seed = position["seed"]?.integer.map { UInt64(truncatingIfNeeded: $0) } ?? 0
        rest = pass.suffix(max(position["samples_left"]?.integer ?? 0, 0))
    }
}
