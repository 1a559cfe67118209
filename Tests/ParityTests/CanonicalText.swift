import Foundation
import Strata

extension JSONValue {
    /// The document with its keys in order, so that equal documents are equal texts.
    var canonicalText: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
