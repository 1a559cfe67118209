/// What to do about an error, for everyone and for who writes Swift.
package struct Cure: Hashable, Sendable {
    /// For everyone.
    package let words: String?
    /// With functions of this library.
    let call: String?

    init(_ words: String? = nil, call: String? = nil) {
        self.words = words
        self.call = call
    }

    /// Both.
    var text: String? {
        guard let call else { return words }
        return words.map { "\($0), or \(call)" } ?? call
    }
}
