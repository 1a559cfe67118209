import Synchronization

/// The default names of layers: `conv2d`, `conv2d_1`, as in Keras.
package enum LayerNames {
    /// How often each name was given.
    private final class Counts: Sendable {
        private let counts = Mutex<[String: Int]>([:])

        func next(_ base: String) -> Int {
            counts.withLock { counts in
                defer { counts[base, default: 0] += 1 }
                return counts[base, default: 0]
            }
        }

        func reset() { counts.withLock { $0 = [:] } }
    }

    private static let shared = Counts()
    @TaskLocal private static var own: Counts?

    static func next(for className: String) -> String {
        let base = snakeCase(className)
        let count = (own ?? shared).next(base)
        return count == 0 ? base : "\(base)_\(count)"
    }

    /// Runs `body` with names that are counted from the start, whatever was made before it or is
    /// made beside it.
    package static func countingAnew<Result>(_ body: () throws -> Result) rethrows -> Result {
        try $own.withValue(Counts(), operation: body)
    }

    /// The reason why a name is not allowed; `nil` if it is.
    ///
    /// Keras 3.15.1 refuses the same: the character separates the paths of its files.
    static func problem(_ name: String) -> GraphError.Problem? {
        guard name.contains("/") || name.contains("\0") else { return nil }
        let character = name.contains("/") ? "/" : "\\0"
        return .invalidArgument(
            "the name \(name) has the character \(character), and Keras cannot open a file with such a name",
            fix: "take another character, such as _")
    }

    /// Restarts the count (`keras.utils.clear_session`).
    static func reset() { (own ?? shared).reset() }

    /// Keras's `to_snake_case`: `MaxPooling2D` is `max_pooling2d`, `ReLU` is `re_lu`.
    package static func snakeCase(_ className: String) -> String {
        let letters = Array(className.filter { $0.isLetter || $0.isNumber || $0 == "_" })
        var words = ""
        for (index, letter) in letters.enumerated() {
            if index > 0, letter.isUppercase, words.last != "_" {
                let previous = letters[index - 1]
                let isFollowedByLower = index + 1 < letters.count && letters[index + 1].isLowercase
                if previous.isLowercase || isFollowedByLower { words.append("_") }
            }
            words.append(letter)
        }
        return words.lowercased()
    }
}

/// Restarts the count of layers' names, as `keras.utils.clear_session`.
public func clearSession() {
    LayerNames.reset()
}
