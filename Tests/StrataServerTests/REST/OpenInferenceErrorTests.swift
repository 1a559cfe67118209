#if Server
import HTTPTypes
import Strata
@testable import StrataServer
import Testing

/// What the server says to wrong requests: the tensor, what came, what is expected.
@Suite struct OpenInferenceErrorTests {
    private let server: RESTServer

    init() throws {
        server = RESTServer(
            [
                "identity": try TinyModels.identity(), "joined": try TinyModels.joined(),
                "two": try TinyModels.identityAndSum(),
                "whole": try TinyModels.identity(dtype: .int32),
            ]
        ) {
            $0.maxBodySize = 4096
            $0.maxJSONDepth = 8
        }
    }

    private func error(
        _ body: String, model: String = "identity", status: Int = 400
    ) async throws -> String {
        let answer = try await server.post("/v2/models/\(model)/infer", body)
        #expect(answer.status == status, "\(answer.text)")
        return answer.error
    }

    private static func input(
        name: String = "x", shape: String = "[1, 3]", datatype: String = "FP32",
        data: String = "[1, 2, 3]", more: String = ""
    ) -> String {
        #"{"inputs": [{"name": "\#(name)", "shape": \#(shape), "datatype": "\#(datatype)", "data": \#(data)}]\#(more)}"#
    }

    @Test(arguments: [
        (input(name: "y"), "no input \"y\"; model identity takes x FP32 [-1, 3]"),
        (#"{"inputs": []}"#, "input \"x\" is missing; model identity takes x FP32 [-1, 3]"),
        (#"{}"#, "no inputs"),
        (
            input(shape: "[1, 4]", data: "[1,2,3,4]"),
            "shape [1, 4], but model identity takes [-1, 3]"
        ),
        (input(shape: "[3]"), "shape [3], but model identity takes [-1, 3]"),
        (input(shape: "[0, 3]", data: "[]"), "no samples"),
        (input(shape: "[1, -3]"), "an integer of 0 or more"),
        (input(shape: "[1, 3.5]"), "an integer of 0 or more"),
        (input(shape: "[4611686018427387904, 4]"), "fewer than 2^46 elements"),
        (input(datatype: "FLOAT"), "datatype \"FLOAT\"; the datatypes are BOOL, UINT8"),
        (input(datatype: "UINT8", data: "[1, 2, 256]"), "an integer from 0 to 255"),
        (input(datatype: "INT8", data: "[1, 2, -129]"), "an integer from -128 to 127"),
        (input(datatype: "INT64", data: "[1, 2, 9223372036854775808]"), "to 9223372036854775807"),
        (
            input(datatype: "UINT64", data: "[1, 2, -1]"),
            "an integer from 0 to 18446744073709551615"
        ),
        (input(datatype: "INT32", data: "[1, 2, 1.5]"), "an integer from -2147483648"),
        (input(datatype: "BOOL", data: "[1, 0, 1]"), "true or false"),
        (
            input(data: "[1, 2, \"3\"]"),
            "an element of input \"x\", whose datatype is FP32, is a number"
        ),
        (input(data: "[1, 2, null]"), "is a number"),
        (input(data: "[1, 2, NaN]"), "is a number"),
        (input(data: "[1, 2, 1e39]"), "beyond the range"),
        (input(datatype: "FP16", data: "[1, 2, 65520]"), "beyond the range"),
        (input(datatype: "BF16", data: "[1, 2, 3.4e38]"), "beyond the range"),
        (input(data: "[1, 2]"), "data of input \"x\" has shape [2], but [1, 3] was announced"),
        (input(data: "[[1], [2], [3]]"), "has shape [3, 1], but [1, 3] was announced"),
        (input(shape: "[2, 3]", data: "[[1, 2, 3], [4, 5]]"), "arrays of 3 and of 2 elements"),
        (input(data: "[1, [2, 3]]"), "an array beside elements"),
        (input(data: "[[1], 2, 3]"), "an element beside arrays"),
        (input(data: "7"), "the data of input \"x\" is an array"),
        (
            input(more: #", "outputs": [{"name": "z"}]"#),
            "no output \"z\"; its outputs are y FP32 [-1, 3]"
        ),
        (input(more: #", "outputs": [{"name": "y"}, {"name": "y"}]"#), "requested twice"),
        (input(more: #", "outputs": [{}]"#), "an output has no name"),
        (input(more: #", "id": 7"#), "id is a text in quotes"),
        (
            input(more: #", "parameters": {"timeout": "soon"}"#),
            "timeout is a number of microseconds"
        ),
        (input(more: #", "parameters": {"binary_data_output": 1}"#), "is true or false"),
        (#"{"inputs": [{"shape": [1], "datatype": "FP32", "data": [1]}]}"#, "an input has no name"),
        (#"{"inputs": [{"name": "x", "datatype": "FP32", "data": [1]}]}"#, "\"x\" has no shape"),
        (#"{"inputs": [{"name": "x", "shape": [1], "data": [1]}]}"#, "\"x\" has no datatype"),
        (#"{"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32"}]}"#, "\"x\" has no data"),
        (
            #"{"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "parameters": {"binary_data_size": 12}}]}"#,
            "no header Inference-Header-Content-Length"
        ),
        (
            input(datatype: "BYTES", data: #"["a", "b", "c"]"#),
            "but pictures as BYTES have shape [count]"
        ),
    ])
    func `a wrong request is told what is wrong`(body: String, message: String) async throws {
        let error = try await error(body)
        #expect(error.contains(message), "\(error)")
    }

    @Test(arguments: [
        ("", "byte 0, where the body ends: the request is an object"),
        ("[]", "byte 0: the request is an object"),
        ("{", "a name in quotes"), (#"{"a""#, "a colon"), (#"{"a":1"#, "a comma or }"),
        (#"{"a":1} x"#, "byte 8: the document ends here"),
        (#"{"a":01}"#, "byte 5: it is a number without a zero before it"),
        (#"{"a":1.}"#, "a digit"), (#"{"a":1e}"#, "a digit"), (#"{"a":-}"#, "is a number"),
        (#"{"a":1,"a":2}"#, "byte 7: \"a\" occurs twice"), (#"{"a":tru}"#, "true or false"),
        (#"{"a":nul}"#, "a value"), (#"{"a":"\x"}"#, "byte 6: there is no such escape"),
        (#"{"a":"\ud800"}"#, "half of a surrogate pair"),
        ("{\"a\":\"\u{1}\"}", "a control character"),
        (#"{"a":"b"#, "does not end"), (#"{"a":[1 2]}"#, "a comma or ]"),
        (#"{"a":[[[[[[[[[1]]]]]]]]]}"#, "more than 8 arrays and objects"),
        (#"{"a":"\#(String(repeating: "1", count: 1001))"#, "does not end"),
        (#"{"a":\#(String(repeating: "1", count: 1001))}"#, "more than 1000 characters"),
    ])
    func `broken JSON is refused with the position of the byte`(
        body: String, message: String
    ) async throws {
        let error = try await error(body)
        #expect(error.contains(message), "\(error)")
    }

    @Test func `a text that is not UTF-8 is refused`() async throws {
        let answer = try await server.send(
            .post, "/v2/models/identity/infer",
            body: Array("{\"id\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8))
        #expect(answer.status == 400)
        #expect(answer.error.contains("not UTF-8"))
    }

    @Test func `an object may not have members without end`() async throws {
        let wide = RESTServer(["identity": try TinyModels.identity()])
        let members = (0...1000).map { "\"\($0)\":0" }.joined(separator: ",")
        let answer = try await wide.post("/v2/models/identity/infer", "{\(members)}")
        #expect(answer.status == 400)
        #expect(answer.error.contains("more than 1000 members"))
    }

    @Test func `inputs must have as many samples each`() async throws {
        let body = #"""
            {"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]},
                        {"name": "b", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]}]}
            """#
        let error = try await error(body, model: "joined")
        #expect(error.contains("input \"a\" has 1 samples, but input \"b\" has 2"), "\(error)")
        let twice = #"""
            {"inputs": [{"name": "a", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]},
                        {"name": "a", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]}
            """#
        #expect(try await self.error(twice, model: "joined").contains("given twice"))
    }

    @Test(arguments: [
        ("INT64", "[1, 2, 2147483648]", "element 2 of input \"x\" is 2147483648"),
        ("FP32", "[1, 2.5, 3]", "element 1 of input \"x\" is 2.5, but the model takes int32"),
    ])
    func `numbers that the model's type cannot hold are refused`(
        datatype: String, data: String, message: String
    ) async throws {
        let error = try await error(Self.input(datatype: datatype, data: data), model: "whole")
        #expect(error.contains(message), "\(error)")
    }

    @Test func `an infinite result cannot be told in JSON, but in binary form`() async throws {
        let data = Self.input(data: "[3e38, 3e38, 0]", more: #", "outputs": [{"name": "total"}]"#)
        let error = try await error(data, model: "two")
        #expect(error.contains("output \"total\" has an element that is inf"), "\(error)")
        #expect(error.contains("ask for binary data"))
        let binary = try await server.post(
            "/v2/models/two/infer",
            Self.input(
                data: "[3e38, 3e38, 0]",
                more: #", "outputs": [{"name": "total", "parameters": {"binary_data": true}}]"#))
        #expect(binary.status == 200)
        #expect(binary.body.suffix(4) == bytes([Float.infinity])[...])
    }

    @Test func `unknown models, versions and paths are told what there is`() async throws {
        let model = try await server.get("/v2/models/none")
        #expect(model.status == 404)
        #expect(model.error.contains("identity"))
        let version = try await server.get("/v2/models/identity/versions/2")
        #expect(version.status == 404)
        #expect(version.error.contains("1"))
        let path = try await server.get("/v2/nowhere")
        #expect(path.status == 404)
        #expect(path.error.contains("/v2/models/{model}/infer"))
    }

    @Test func `another method is told which are allowed`() async throws {
        let get = try await server.get("/v2/models/identity/infer")
        #expect(get.status == 405)
        #expect(get.headers[.allow] == "POST")
        let post = try await server.post("/v2", "{}")
        #expect(post.status == 405)
        #expect(post.headers[.allow] == "GET, HEAD")
    }

    @Test func `HEAD answers as GET without a body`() async throws {
        let head = try await server.send(.head, "/v2/models/identity")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(Int(head.headers[.contentLength] ?? "") ?? 0 > 0)
    }

    @Test func `bodies that are too large, compressed or of another type are refused`()
        async throws
    {
        let large = try await server.post(
            "/v2/models/identity/infer", String(repeating: " ", count: 4097))
        #expect(large.status == 413)
        #expect(large.error.contains("4096"))
        let gzip = try await server.send(
            .post, "/v2/models/identity/infer", headers: [.contentEncoding: "gzip"],
            body: [31, 139])
        #expect(gzip.status == 415)
        #expect(gzip.error.contains("uncompressed"))
        let image = try await server.send(
            .post, "/v2/models/identity/infer", headers: [.contentType: "image/png; a=b"], body: [])
        #expect(image.status == 415)
        #expect(image.error.contains("image/png"))
    }
}
#endif
