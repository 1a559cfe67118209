#if Server
import Foundation
import HTTPTypes
import Strata
import StrataServer
import Testing

/// Pictures in, classes with probabilities out.
@Suite struct PictureRouteTests {
    private let server: RESTServer

    init() throws {
        server = RESTServer([
            "brightness": try TinyModels.brightness(),
            "grey": try TinyModels.brightness(channels: 1),
            "two": try TinyModels.identityAndSum(),
        ]) { $0.maxPixels = 10_000 }
    }

    private func png(_ value: UInt8, _ shape: [Int] = [4, 4, 3]) throws -> [UInt8] {
        try ImageEncoder.png(
            Tensor([UInt8](repeating: value, count: shape.reduce(1, *)), shape: shape))
    }

    private func classify(
        _ body: [UInt8], type: String? = "image/png", model: String = "brightness",
        query: String = ""
    ) async throws -> RESTServer.Answer {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        return try await server.send(
            .post, "/v2/models/\(model)/classify\(query)", headers: headers, body: body)
    }

    private func classes(_ answer: RESTServer.Answer, _ picture: Int = 0) throws -> [JSONValue] {
        #expect(answer.status == 200, "\(answer.text)")
        guard case .array(let pictures)? = try answer.json["pictures"],
            pictures.indices.contains(picture),
            case .array(let classes)? = pictures[picture]["classes"]
        else { return [] }
        return classes
    }

    /// Of the class bright, for a mean of `value`: the sigmoid of value / 32 − 4.
    private static func probability(_ value: Double) -> Double { 1 / (1 + exp(4 - value / 32)) }

    private func expect(
        _ classes: [JSONValue], bright value: Double, _ location: SourceLocation = #_sourceLocation
    ) {
        let bright = Self.probability(value)
        let expected = [("dark", 0, 1 - bright), ("bright", 1, bright)].sorted { $0.2 > $1.2 }
        #expect(classes.count == 2, sourceLocation: location)
        for (found, (label, index, probability)) in zip(classes, expected) {
            #expect(found["label"] == .string(label), sourceLocation: location)
            #expect(found["index"] == .integer(index), sourceLocation: location)
            guard case .number(let number)? = found["probability"] else { continue }
            #expect(abs(number - probability) < 1e-6, sourceLocation: location)
        }
    }

    @Test(arguments: [
        "image/png", "application/octet-stream", "application/x-www-form-urlencoded", nil,
    ])
    func `a file as the body is classified`(type: String?) async throws {
        expect(try classes(try await classify(try png(255), type: type)), bright: 255)
    }

    @Test func `pictures of other sizes and channels are fitted`() async throws {
        expect(try classes(try await classify(try png(40, [9, 5, 1]))), bright: 40)
        // The luma of red 255: 0.299 · 255 = 76.2, rounded.
        let red = try ImageEncoder.png(
            Tensor((0..<32).flatMap { _ in [255, 0, 0] as [UInt8] }, shape: [4, 8, 3]))
        expect(try classes(try await classify(red, model: "grey")), bright: 76)
    }

    @Test(arguments: [("?top=1", 1), ("?top=2", 2), ("?top=99", 2), ("", 2)])
    func `as many classes as are asked for`(query: String, count: Int) async throws {
        #expect(try classes(try await classify(try png(255), query: query)).count == count)
    }

    @Test(arguments: ["?top=0", "?top=-1", "?top=x", "?top="])
    func `a wrong number of classes is refused`(query: String) async throws {
        let answer = try await classify(try png(255), query: query)
        #expect(answer.status == 400)
        #expect(answer.error.contains("top is"))
    }

    @Test func `several files come as a form`() async throws {
        var body: [UInt8] = []
        for (name, value) in [("a.png", 0), ("folder/b.png", 255)] as [(String, UInt8)] {
            body += Array(
                "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(name)\"\r\n".utf8)
            body += Array("Content-Type: image/png\r\n\r\n".utf8) + (try png(value))
            body += Array("\r\n".utf8)
        }
        body += Array("--X--\r\n".utf8)
        let answer = try await classify(body, type: "multipart/form-data; boundary=\"X\"")
        expect(try classes(answer), bright: 0)
        expect(try classes(answer, 1), bright: 255)
        guard case .array(let pictures)? = try answer.json["pictures"] else { return }
        #expect(pictures.map { $0["name"] } == ["a.png", "b.png"])
    }

    @Test(arguments: [
        ("filename=\"möwe.png\"", "möwe.png"), ("filename=\"a~b.png\"", "a~b.png"),
        ("filename=\"a; b.png\"", "a; b.png"), ("filename=c.png; x=y", "c.png"),
        ("filename*=UTF-8''m%C3%B6we.png", "möwe.png"),
        ("filename=\"mowe.png\"; filename*=utf-8'de'm%C3%B6we.png", "möwe.png"),
        ("filename*=latin1''m%F6we.png", "picture 0"), ("filename*=UTF-8''%FF", "picture 0"),
        ("filename=\"\"", "picture 0"),
    ])
    func `a file of a form has its name`(parameter: String, name: String) async throws {
        let head = "--X\r\nContent-Disposition: form-data; name=\"f\"; \(parameter)\r\n\r\n"
        let answer = try await classify(
            Array(head.utf8) + (try png(9)) + Array("\r\n--X--\r\n".utf8),
            type: "multipart/form-data; boundary=X")
        guard case .array(let pictures)? = try answer.json["pictures"] else {
            Issue.record("no pictures: \(answer.text)")
            return
        }
        #expect(pictures.map { $0["name"] } == [.string(name)])
    }

    @Test(arguments: [
        ("multipart/form-data", "--X--", "no boundary"),
        ("multipart/form-data; boundary=X", "", "the boundary does not occur"),
        ("multipart/form-data; boundary=X", "--X\r\nA: b", "headers of part 0 do not end"),
        ("multipart/form-data; boundary=X", "--X\r\nA: b\r\n\r\nc", "part 0 does not end"),
        ("multipart/form-data; boundary=X", "--X--", "there are no pictures; send at least one"),
        (
            "multipart/form-data; boundary=X", "--X\r\n\r\n\r\n--X--",
            "picture 0: the file is empty; send a PNG or JPEG file"
        ),
        ("image/png", "", "the picture: the file is empty; send a PNG or JPEG file"),
        (
            "image/png", "GIF89a",
            "the picture: it looks like a GIF file, which is not read; send a PNG or JPEG file"
        ),
        ("image/png", "\u{FF}\u{D8}\u{FF}", "neither a PNG nor a JPEG"),
    ])
    func `broken bodies are refused`(type: String, body: String, message: String) async throws {
        let answer = try await classify(Array(body.utf8), type: type)
        #expect(answer.status == 400)
        #expect(answer.error.contains(message), "\(answer.error)")
    }

    @Test func `a cut PNG is refused`() async throws {
        let file = try png(7, [40, 40, 3])
        let answer = try await classify(file.dropLast(30))
        #expect(answer.status == 400)
        #expect(answer.error.hasSuffix("; send a whole PNG or JPEG file"), "\(answer.error)")
    }

    @Test func `a header that claims more pixels than allowed is refused`() async throws {
        // IHDR: the width stands at byte 16, the height at byte 20; its checksum at byte 29 no longer
        // fits, which libpng would say of a header of allowed size.
        var file = try png(7)
        file.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        #expect(try await classify(file).status == 400)
        // A true file of 101 × 100 pixels, where 10,000 are allowed in all.
        let answer = try await classify(try png(7, [101, 100, 1]))
        #expect(answer.status == 413)
        #expect(
            answer.error.contains(
                "101 × 100 pixels are too many; the pictures of a request may have 10000 in all"),
            "\(answer.error)")
        #expect(try await classify(try png(7, [100, 100, 1])).status == 200)
    }

    @Test func `other types and models without pictures are refused`() async throws {
        #expect(try await classify([], type: "text/html").status == 415)
        let answer = try await classify(try png(7), model: "two")
        #expect(answer.status == 400)
        #expect(
            answer.error
                == "the model takes [?, 3], not a picture; ask /v2/models/two/infer, and send numbers"
        )
    }

    @Test func `pictures come as BYTES too, in base 64 or as they are`() async throws {
        let file = try png(255)
        let text = Data(file).base64EncodedString()
        let json = try await server.post(
            "/v2/models/brightness/infer",
            #"{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": ["\#(text)"]}]}"#
        )
        #expect(json.status == 200, "\(json.text)")
        let header = #"""
            {"inputs": [{"name": "image", "shape": [1, 1], "datatype": "BYTES",
             "parameters": {"binary_data_size": \#(file.count + 4)}}]}
            """#
        let binary = try await server.send(
            .post, "/v2/models/brightness/infer",
            headers: [
                try #require(HTTPField.Name("Inference-Header-Content-Length")):
                    "\(header.utf8.count)"
            ],
            body: Array(header.utf8) + bytes([UInt32(file.count)]) + file)
        #expect(binary.body == json.body)
        guard case .array(let outputs)? = try json.json["outputs"],
            case .array(let data)? = outputs.first?["data"], case .number(let bright)? = data.last
        else {
            Issue.record("no output: \(json.text)")
            return
        }
        #expect(abs(bright - Self.probability(255)) < 1e-6)
    }
}
#endif
