extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
    /// The elements as NumPy prints an array, rows in brackets below each other; of more than 1000 elements only
    /// the first and last three of each axis.
    ///
    /// ```text
    /// [[1.  2.5]
    ///  [3.  4. ]]
    /// ```
    public var description: String { TensorText(self, separator: " ").text(indent: "") }

    /// The elements as NumPy shows an array, with shape and type:
    /// `Tensor([1., 2.], shape: [2], dtype: float32)`.
    public var debugDescription: String {
        let elements = TensorText(self, separator: ", ").text(indent: "       ")
        return "Tensor(\(elements), shape: \(shape), dtype: \(dtype.rawValue))"
    }
}

/// The layout of an array in text (NumPy 2, `numpy.array2string`).
private struct TensorText {
    /// The number of elements from which on some are omitted, and how many are kept at each end of
    /// an axis.
    private static let (threshold, edge) = (1000, 3)
    private static let lineWidth = 75

    private let shape: [Int]
    private let separator: String
    private let isSummary: Bool
    /// The elements that are shown, row-major.
    private var words: [String]

    init(_ tensor: Tensor, separator: String) {
        shape = tensor.shape
        self.separator = separator
        isSummary = tensor.count > Self.threshold
        var shown = tensor
        if isSummary {
            for (axis, length) in shape.enumerated() where length > 2 * Self.edge {
                let ends = Array(0..<Self.edge) + Array(length - Self.edge..<length)
                shown = (try? shown.gathering(ends, axis: axis)) ?? shown
            }
        }
        words =
            switch shown.dtype {
            case .float32, .bfloat16:
                shape.isEmpty ? ["\(shown.scalars[0])"] : Self.aligned(shown.scalars)
            case .int32, .uint8: Self.padded(shown.integers.map(String.init))
            case .bool: Self.padded([Bool](shown).map(String.init))
            }
    }

    func text(indent: String) -> String {
        if shape.isEmpty { return words[0] }
        if shape.contains(0) { return "[]" }
        var position = 0
        return text(0, indent: indent, width: Self.lineWidth, &position)
    }

    private func text(_ axis: Int, indent: String, width: Int, _ position: inout Int) -> String {
        let length = shape[axis]
        let isCut = isSummary && length > 2 * Self.edge
        let count = isCut ? 2 * Self.edge : length
        let inner = indent + " "
        var result = "["
        if axis == shape.count - 1 {
            var line = ""
            // As in NumPy, a line leaves space for the bracket or comma after it.
            let room = width - 1 - inner.count
            func append(_ word: String) {
                if line.count + word.count > room, !line.isEmpty {
                    result += String(line.reversed().drop { $0 == " " }.reversed()) + "\n" + inner
                    line = ""
                }
                line += word + separator
            }
            for item in 0..<count {
                if isCut, item == Self.edge { append("...") }
                append(words[position])
                position += 1
            }
            return result + line.dropLast(separator.count) + "]"
        }
        let between =
            separator.filter { $0 != " " }
            + String(repeating: "\n", count: shape.count - 1 - axis) + inner
        for item in 0..<count {
            if isCut, item == Self.edge { result += "..." + between }
            result += text(axis + 1, indent: inner, width: width - 1, &position)
            if item < count - 1 { result += between }
        }
        return result + "]"
    }

    private static func padded(_ words: [String]) -> [String] {
        let width = words.map(\.count).max() ?? 0
        return words.map { String(repeating: " ", count: width - $0.count) + $0 }
    }

    /// Numbers with aligned decimal points; in scientific notation if they are very large or small.
    private static func aligned(_ values: [Float]) -> [String] {
        let sizes = values.filter { $0.isFinite && $0 != 0 }.map { Double($0.magnitude) }
        let (least, most) = (sizes.min() ?? 1, sizes.max() ?? 1)
        let isScientific = most >= 1e8 || least < 1e-4 || most / least > 1000
        let decimals = values.map { $0.isFinite ? DecimalDigits($0) : nil }
        let digits = decimals.compactMap { $0?.fractionCount }.max() ?? 0
        var texts: [String] = []
        for (value, decimal) in zip(values, decimals) {
            guard let decimal else {
                texts.append(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
                continue
            }
            texts.append(
                (value.sign == .minus ? "-" : "")
                    + (isScientific ? decimal.scientific(digits) : decimal.positional(8)))
        }
        if isScientific { return padded(texts) }
        let fractions = zip(texts, decimals).map { text, decimal in
            decimal == nil ? 0 : text.reversed().prefix { $0 != "." }.count
        }
        let widest = fractions.max() ?? 0
        return padded(
            texts.indices.map { index in
                let isFinite = decimals[index] != nil
                let missing = isFinite ? widest - fractions[index] : 0
                return texts[index] + String(repeating: " ", count: missing)
            })
    }
}

/// The fewest decimal digits that identify a number, after a point that is moved by `point`.
private struct DecimalDigits {
    private var digits: [Character]
    private var point: Int

    init(_ value: Float) {
        let parts = "\(value.magnitude)".split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        digits = Array(mantissa.joined())
        point = mantissa[0].count + exponent
        while digits.first == "0" {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        if digits.isEmpty { point = 1 }
    }

    /// The number of decimals with one digit before the point.
    var fractionCount: Int { max(digits.count - 1, 0) }

    /// With all decimals, but at most `most`.
    func positional(_ most: Int) -> String {
        var rounded = self
        rounded.round(to: point + most)
        let (digits, point) = (rounded.digits, rounded.point)
        let whole = digits.prefix(max(point, 0))
        let zeros = String(repeating: "0", count: max(point - whole.count, 0))
        let fraction =
            digits.isEmpty
            ? "" : String(repeating: "0", count: max(-point, 0)) + digits.dropFirst(whole.count)
        return (whole.isEmpty && zeros.isEmpty ? "0" : String(whole) + zeros) + "." + fraction
    }

    /// With one digit before the point and `count` after it.
    func scientific(_ count: Int) -> String {
        let all = digits + Array(repeating: "0", count: max(count + 1 - digits.count, 0))
        let power = point - 1
        let exponent = (abs(power) < 10 ? "0" : "") + "\(abs(power))"
        return String(all[0]) + "." + String(all[1...]) + "e" + (power < 0 ? "-" : "+") + exponent
    }

    private mutating func round(to count: Int) {
        guard count < digits.count else { return }
        let isUp = count >= 0 && (digits[count].wholeNumberValue ?? 0) >= 5
        digits = Array(digits.prefix(max(count, 0)))
        if isUp {
            while digits.last == "9" { digits.removeLast() }
            if let last = digits.popLast()?.wholeNumberValue {
                digits.append(Character("\(last + 1)"))
            } else {
                digits = ["1"]
                point += 1
            }
        }
        while digits.last == "0" { digits.removeLast() }
        if digits.isEmpty { point = 1 }
    }
}
