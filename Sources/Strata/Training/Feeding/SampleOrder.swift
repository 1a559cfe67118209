/// The order of samples, epoch after epoch.
final class SampleOrder {
    private let count: Int
    private let isShuffled: Bool
    /// The remaining samples of the current pass, if an epoch is not a whole pass.
    private var rest: ArraySlice<Int> = []

    init(count: Int, isShuffled: Bool) {
        self.count = count
        self.isShuffled = isShuffled
    }

    /// The number of samples.
    func round() -> [Int] {
        guard isShuffled else { return Array(0..<count) }
        var generator = RandomGenerator(seed: RandomGenerator.nextSeed())
        return (0..<count).shuffled(using: &generator)
    }

    /// The next samples, which continue where the last ones ended.
    func next(_ length: Int) -> [Int] {
        var order: [Int] = []
        while order.count < length {
            if rest.isEmpty { rest = round()[...] }
            let part = rest.prefix(length - order.count)
            order += part
            rest = rest.dropFirst(part.count)
        }
        return order
    }
}
