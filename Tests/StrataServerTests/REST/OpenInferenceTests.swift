#if Server
import HTTPTypes
import Strata
@testable import StrataServer
import Testing

/// The Open Inference Protocol over HTTP, with models whose answers are known exactly.
@Suite struct OpenInferenceTests {
    private let server: RESTServer

    init() throws {
        server = RESTServer([
            "identity": try TinyModels.identity(), "two": try TinyModels.identityAndSum(),
            "joined": try TinyModels.joined(), "with space": try TinyModels.identity(),
        ])
    }

    @Test func `the server tells its name, version and extensions`() async throws {
        let answer = try await server.get("/v2")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/json")
        let json = try answer.json
        #expect(json["name"] == "strata")
        #expect(json["version"] == .string(strataVersion))
        #expect(
            json["extensions"] == .array(OpenInferenceRoutes.extensions.map { .string($0) }))
    }

    @Test(arguments: ["/v2/health/live", "/v2/health/ready", "/v2/models/two/ready"])
    func `it is live and ready`(path: String) async throws {
        #expect(try await server.get(path).status == 200)
    }

    @Test(arguments: ["/v2/models/two", "/v2/models/two/versions/1", "/v2/models/two/"])
    func `metadata names inputs and outputs, with -1 for the batch`(path: String) async throws {
        let expected: JSONValue = [
            "name": "two", "versions": ["1"], "platform": "strata_keras",
            "inputs": [["name": "x", "datatype": "FP32", "shape": [-1, 3]]],
            "outputs": [
                ["name": "y", "datatype": "FP32", "shape": [-1, 3]],
                ["name": "total", "datatype": "FP32", "shape": [-1, 1]],
            ],
        ]
        #expect(try await server.get(path).json == expected)
    }

    // One sample in every numeric datatype, flat and nested; the values are exact in all of them.
    @Test(
        arguments: [
            "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16",
            "BF16",
            "FP32", "FP64",
        ], ["[1, 2, 3]", "[[1, 2, 3]]", "[1.0,2e0,30e-1]"])
    func `numbers of every datatype arrive`(datatype: String, data: String) async throws {
        let answer = try await server.post(
            "/v2/models/identity/infer",
            #"{"inputs": [{"name": "x", "shape": [1, 3], "datatype": "\#(datatype)", "data": \#(data)}]}"#
        )
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.json["outputs"] == [Self.output([1, 3], [1, 2, 3])])
    }

    private static func output(_ shape: [Int], _ data: [Double]) -> JSONValue {
        [
            "name": "y", "datatype": "FP32", "shape": .array(shape.map { .integer($0) }),
            "data": .array(data.map { .number($0) }),
        ]
    }

    @Test func `booleans arrive as 0 and 1`() async throws {
        let answer = try await server.post(
            "/v2/models/identity/infer",
            #"{"inputs": [{"name": "x", "shape": [1, 3], "datatype": "BOOL", "data": [true, false, true]}]}"#
        )
        #expect(try answer.json["outputs"] == [Self.output([1, 3], [1, 0, 1])])
    }

    @Test func `the id is echoed, members may come in any order`() async throws {
        let answer = try await server.post(
            "/v2/models/identity/versions/1/infer",
            #"""
            {"outputs": [{"name": "y"}], "unknown": [{"a": null}], "parameters": {"any": 1},
             "inputs": [{"data": [[-1.5, 0, 1e-3], [4, 5, 6]], "datatype": "FP32", "name": "x",
                         "shape": [2, 3]}], "id": "a \"b\" é"}
            """#)
        let json = try answer.json
        #expect(json["id"] == "a \"b\" é")
        #expect(json["model_name"] == "identity")
        #expect(json["model_version"] == "1")
        #expect(json["outputs"] == [Self.output([2, 3], [-1.5, 0, 0.001, 4, 5, 6])])
        let without = try await server.post(
            "/v2/models/identity/infer",
            #"{"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]}"#)
        #expect(try without.json["id"] == nil)
    }

    @Test func `null stands for what is left out`() async throws {
        let answer = try await server.post(
            "/v2/models/identity/infer",
            #"""
            {"id": null, "parameters": null, "outputs": null,
             "inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3],
                         "parameters": {"content_type": null}}]}
            """#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.json["id"] == nil)
    }

    // 2049 lies between two numbers of FP16 and becomes the even one; 257 likewise of BF16.
    @Test(arguments: [("FP16", "2049", 2048.0), ("BF16", "257", 256.0)])
    func `numbers are rounded to their datatype`(
        datatype: String, number: String, expected: Double
    ) async throws {
        let answer = try await server.post(
            "/v2/models/identity/infer",
            #"{"inputs": [{"name": "x", "shape": [1, 3], "datatype": "\#(datatype)", "data": [\#(number), 0, 0]}]}"#
        )
        #expect(try answer.json["outputs"] == [Self.output([1, 3], [expected, 0, 0])])
    }

    @Test func `several inputs are found by name, in any order`() async throws {
        let answer = try await server.post(
            "/v2/models/joined/infer",
            #"""
            {"inputs": [{"name": "b", "shape": [1, 2], "datatype": "FP32", "data": [3, 4]},
                        {"name": "a", "shape": [1, 2], "datatype": "INT32", "data": [1, 2]}]}
            """#)
        #expect(try answer.json["outputs"] == [Self.output([1, 4], [1, 2, 3, 4])])
    }

    @Test func `only the outputs that are named are answered, in their order`() async throws {
        let input = #"{"name": "x", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 4]}"#
        func names(_ outputs: String) async throws -> [JSONValue?] {
            let answer = try await server.post(
                "/v2/models/two/infer", #"{"inputs": [\#(input)]\#(outputs)}"#)
            guard case .array(let found)? = try answer.json["outputs"] else { return [] }
            return found.map { $0["name"] }
        }
        #expect(try await names("") == ["y", "total"])
        #expect(try await names(#", "outputs": []"#) == ["y", "total"])
        #expect(try await names(#", "outputs": [{"name": "total"}]"#) == ["total"])
        #expect(
            try await names(#", "outputs": [{"name": "total"}, {"name": "y"}]"#) == ["total", "y"])
    }

    @Test func `a name in the path is percent-decoded`() async throws {
        #expect(try await server.get("/v2/models/with%20space").json["name"] == "with space")
        #expect(try await server.get("/v2/models/%FF").status == 400)
    }

    // Triton's classification extension: "value:index:label".
    @Test func `classes are answered as texts`() async throws {
        func data(_ count: Int) async throws -> (JSONValue?, JSONValue?) {
            let answer = try await server.post(
                "/v2/models/identity/infer",
                #"""
                {"inputs": [{"name": "x", "shape": [2, 3], "datatype": "FP32",
                             "data": [0.25, 2, 1, 3, 3, -1]}],
                 "outputs": [{"name": "y", "parameters": {"classification": \#(count)}}]}
                """#)
            let output: JSONValue? =
                if case .array(let outputs)? = try answer.json["outputs"] { outputs.first } else {
                    nil
                }
            #expect(output?["datatype"] == (count == 0 ? "FP32" : "BYTES"))
            return (output?["shape"], output?["data"])
        }
        #expect(
            try await data(2) == (
                [2, 2], ["2.0:1:green", "1.0:2:blue", "3.0:0:red", "3.0:1:green"]
            ))
        // No more than there are, and 0 is a plain tensor.
        #expect(try await data(9).0 == [2, 3])
        #expect(try await data(0).1 == [0.25, 2.0, 1.0, 3.0, 3.0, -1.0])
    }

    @Test func `what is NaN has no class`() throws {
        let model = try ModelRepository(["identity": TinyModels.identity()]).model("identity")
        let values = Tensor([1, 2, 3, 1, Float.nan, 3], shape: [2, 3])
        #expect {
            try model.classification(values, name: "y", count: 1)
        } throws: {
            "\($0)".contains("sample 1 is NaN")
        }
    }
}
#endif
