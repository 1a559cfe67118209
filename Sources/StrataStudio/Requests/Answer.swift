#if Server
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Strata

/// The responses of the page's API.
enum Answer {
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "application/json; charset=utf-8", .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.finite.text)))
    }

    static func png(_ picture: Tensor) throws -> Response {
        bytes(try ImageEncoder.png(picture), type: "image/png")
    }

    static func bytes(
        _ bytes: [UInt8], type: String, headers: HTTPFields = [:]
    ) -> Response {
        var fields: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
        for field in headers { fields[field.name] = field.value }
        return Response(
            status: .ok, headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func error(_ error: StudioError) -> Response {
        var response = json(["error": .string(error.message)], status: error.status)
        if error.status == .tooManyRequests { response.headers[.retryAfter] = "1" }
        return response
    }
}

extension JSONValue {
    /// The value as browsers read it: JSON has no NaN and no infinity, which become `null`.
    var finite: JSONValue {
        switch self {
        case .number(let value): value.isFinite ? self : .null
        case .array(let items): .array(items.map(\.finite))
        case .object(let members): .object(members.mapValues(\.finite))
        case .null, .bool, .integer, .string: self
        }
    }

    /// A tensor: its shape, and its values as base64 of little-endian float32, row-major.
    init(_ tensor: Tensor) {
        let bytes = tensor.scalars.map { $0.bitPattern.littleEndian }.withUnsafeBytes {
            Data($0)
        }
        self = [
            "shape": JSONValue(tensor.shape), "float32": .string(bytes.base64EncodedString()),
        ]
    }

    init(_ values: [Int]) { self = .array(values.map(JSONValue.integer)) }

    init(_ values: [String]) { self = .array(values.map(JSONValue.string)) }

    /// A shape without the batch dimension; `null` for open sizes.
    init(sample shape: Shape) {
        self = .array(shape.dimensions.dropFirst().map { JSONValue($0) })
    }

    init(text: String?) { self = text.map(JSONValue.string) ?? .null }
}
#endif
