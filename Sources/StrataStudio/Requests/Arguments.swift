#if Server
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Strata
import StrataServer

/// The arguments of a request: names in its path, its query and its body.
struct Arguments: Sendable {
    private let request: Request
    private let context: ServerRequestContext

    init(_ request: Request, _ context: ServerRequestContext) {
        self.request = request
        self.context = context
    }

    /// A name in the path.
    func name(_ key: String) throws(StudioError) -> String {
        guard let name = context.parameters.get(key)?.removingPercentEncoding, !name.isEmpty else {
            throw StudioError(.badRequest, "the name of the \(key) in the path cannot be read")
        }
        return name
    }

    /// A number in the path.
    func index(_ key: String) throws(StudioError) -> Int {
        let text = try name(key)
        guard let value = Int(text) else {
            throw StudioError(.badRequest, "\(key) is \(text), which is no whole number")
        }
        return value
    }

    func text(_ key: String) -> String? {
        request.uri.queryParameters[key[...]].map { String($0) }
    }

    func requiredText(_ key: String) throws(StudioError) -> String {
        guard let value = text(key), !value.isEmpty else {
            throw StudioError(.badRequest, "the query lacks \(key)")
        }
        return value
    }

    /// The values of a key that is given once or more.
    func requiredTexts(_ key: String) throws(StudioError) -> [String] {
        _ = try requiredText(key)
        return request.uri.queryParameters.getAll(key)
    }

    func integer(_ key: String) throws(StudioError) -> Int? {
        guard let text = text(key) else { return nil }
        guard let value = Int(text) else {
            throw StudioError(.badRequest, "\(key) is \(text), which is no whole number")
        }
        return value
    }

    /// An integer within a range.
    func integer(
        _ key: String, default fallback: Int, in range: ClosedRange<Int>
    ) throws(StudioError) -> Int {
        let value = try integer(key) ?? fallback
        guard range.contains(value) else {
            throw StudioError(
                .badRequest,
                "\(key) is \(value); use \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// Integers between commas.
    func integers(_ key: String) throws(StudioError) -> [Int]? {
        guard let text = text(key) else { return nil }
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard values.count <= 64, !values.contains(nil) else {
            throw StudioError(
                .badRequest, "\(key) is \(text); use up to 64 whole numbers between commas")
        }
        return values.compactMap(\.self)
    }

    /// The whole body.
    func body(limit: Int) async throws(StudioError) -> [UInt8] {
        do {
            return Array(buffer: try await request.body.collect(upTo: limit))
        } catch {
            throw StudioError(
                .contentTooLarge, "the body cannot be read; it may have \(limit) bytes")
        }
    }

    /// The body as a JSON object.
    func object() async throws -> Configuration {
        let type = request.headers[.contentType]?.split(separator: ";").first
        guard type?.lowercased() == "application/json" else {
            throw StudioError(
                .unsupportedMediaType, "send the body as Content-Type: application/json")
        }
        let bytes = try await body(limit: 1 << 20)
        return try Configuration(try JSONValue(parsing: bytes), path: "")
    }
}
#endif
