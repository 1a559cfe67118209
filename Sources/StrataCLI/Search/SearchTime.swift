import ArgumentParser

/// A length of time on the command line: `90s`, `20m`, `1h30m`.
enum SearchTime {
    /// - Throws: a `ValidationError` with a fix for anything else.
    static func parse(_ text: String) throws -> Duration {
        var (seconds, digits, isValid) = (0, "", !text.isEmpty)
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            let unit: Int? =
                switch character {
                case "h": 3600
                case "m": 60
                case "s": 1
                default: nil
                }
            // A year is longer than any search, and far from overflowing.
            guard let unit, let number = Int(digits), number <= 31_536_000 else {
                isValid = false
                break
            }
            seconds += number * unit
            digits = ""
        }
        guard isValid, digits.isEmpty, seconds > 0 else {
            throw ValidationError("use a time with its units, such as 90s, 20m or 1h30m")
        }
        return .seconds(seconds)
    }
}
