import ArgumentParser

/// What numbers an option takes.
struct OptionRange {
    let option: String
    let range: ClosedRange<Int>

    static let epochs = OptionRange(option: "--epochs", range: 1...Int.max)
    /// Larger batches are for larger machines; sizes in bytes stay far from overflowing.
    static func batch(_ option: String) -> OptionRange {
        OptionRange(option: option, range: 1...65_536)
    }
    /// No machine has more cores, and OpenMP crashes where it cannot start its threads.
    static let threads = OptionRange(option: "--threads", range: 1...1024)

    func check(_ value: Int?) throws {
        guard let value, !range.contains(value) else { return }
        let cure =
            range.upperBound == Int.max
            ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
        throw ValidationError("\(option) is \(value); use \(cure).")
    }
}
