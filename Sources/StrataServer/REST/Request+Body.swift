#if Server
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The whole body.
    ///
    /// - Throws: a ``ServingError`` if it is larger than `limit` bytes or compressed.
    func wholeBody(limit: Int) async throws -> ByteBuffer {
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw ServingError(
                .unsupportedMediaType,
                "Content-Encoding \(quoted(encoding)) is not read; send the body uncompressed")
        }
        let tooLarge = ServingError(
            .tooLarge, "the body has more than \(limit) bytes; send fewer samples in a request")
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw tooLarge
        }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch let error as CancellationError {
            throw error
        } catch {
            // Chunks without a length, or an end before the length that was promised.
            throw ServingError(
                .invalidArgument,
                "the body cannot be read to its end; check Content-Length, or the chunks")
        }
    }

    /// The type of the body without parameters, in lower case; `nil` if it has none.
    var mediaType: String? {
        headers[.contentType].map { type in
            let name = type.prefix { $0 != ";" }
            return name.trimmingCharacters(in: .whitespaces).lowercased()
        }
    }

    /// The whole body of a request whose body is JSON.
    ///
    /// Clients that name no type, or the one that curl names by itself, are taken to mean JSON.
    ///
    /// - Parameter others: further types that are allowed.
    func jsonBody(limit: Int, others: [String] = []) async throws -> ByteBuffer {
        let allowed =
            ["application/json", "application/x-www-form-urlencoded", "text/plain"] + others
        if let type = mediaType, !allowed.contains(type) {
            throw ServingError(
                .unsupportedMediaType,
                "Content-Type \(quoted(type)) is not read here; send application/json")
        }
        return try await wholeBody(limit: limit)
    }
}

extension ServerRequestContext {
    /// A parameter of the path, percent-decoded.
    func parameter(_ name: String) throws(ServingError) -> String {
        guard let text = parameters.get(name) else {
            throw ServingError(.notFound, "the path has no \(name)")
        }
        guard let decoded = text.removingPercentEncoding else {
            throw ServingError(
                .invalidArgument, "\(quoted(text)) in the path is not UTF-8 in percent-encoding")
        }
        return decoded
    }

    /// The version in the path, if there is one.
    var version: String? {
        get throws(ServingError) {
            parameters.get("version") == nil ? nil : try parameter("version")
        }
    }
}
#endif
