import ArgumentParser

/// The range of an option.
struct OptionRange<Value: LosslessStringConvertible & Sendable>: Sendable {
    /// The valid values, as the end of a sentence with "use".
    let cure: String
    let contains: @Sendable (Value) -> Bool

    /// The number on the command line.
    ///
    /// - Throws: a `ValidationError` with a fix if it is not a number, or out of range.
    func parse(_ text: String) throws -> Value {
        guard let value = Value(text), contains(value) else {
            throw ValidationError("use \(cure)")
        }
        return value
    }
}

extension OptionRange where Value == Int {
    init(_ range: ClosedRange<Int>) {
        cure = "an integer, \(range.lowerBound) to \(range.upperBound)"
        contains = { range.contains($0) }
    }

    static let epochs = OptionRange(1...1_000_000_000)
    /// Larger batches are for larger machines; sizes in bytes stay far from overflowing.
    static let batch = OptionRange(1...65_536)
    /// No machine has more cores, and OpenMP crashes where it cannot start its threads.
    static let threads = OptionRange(1...1024)
    static let seed = OptionRange(0...Int.max)
}

extension OptionRange where Value == Float {
    static let learningRate = OptionRange(cure: "a number above 0, such as 0.001") {
        $0 > 0 && $0.isFinite
    }
}

extension OptionRange where Value == Double {
    static let seconds = OptionRange(cure: "a number above 0, up to 86400, a day") {
        $0 > 0 && $0 <= 86_400
    }
}
