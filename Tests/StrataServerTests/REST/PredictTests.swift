#if Server
import Foundation
import Strata
import StrataServer
import Testing

/// TensorFlow Serving's REST protocol.
@Suite struct PredictTests {
    private let server: RESTServer

    init() throws {
        server = RESTServer([
            "identity": try TinyModels.identity(), "two": try TinyModels.identityAndSum(),
            "joined": try TinyModels.joined(), "whole": try TinyModels.identity(dtype: .int32),
            "brightness": try TinyModels.brightness(), "a:b": try TinyModels.identity(),
        ])
    }

    private func predict(_ model: String, _ body: String) async throws -> JSONValue {
        let answer = try await server.post("/v1/models/\(model):predict", body)
        #expect(answer.status == 200, "\(answer.text)")
        return try answer.json
    }

    @Test func `rows of one input and one output are plain arrays`() async throws {
        #expect(
            try await predict("identity", #"{"instances": [[1, 2, 3], [4, 5, 6]]}"#)
                == ["predictions": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
        #expect(
            try await predict("identity", #"{"instances": [{"x": [1, 2, 3]}]}"#)
                == ["predictions": [[1.0, 2.0, 3.0]]])
    }

    @Test func `rows of several outputs are objects`() async throws {
        #expect(
            try await predict(
                "two", #"{"signature_name": "serving_default", "instances": [[1, 2, 4]]}"#)
                == ["predictions": [["y": [1.0, 2.0, 4.0], "total": [7.0]]]])
    }

    @Test func `rows of several inputs are objects`() async throws {
        #expect(
            try await predict(
                "joined",
                #"{"instances": [{"a": [1, 2], "b": [3, 4]}, {"b": [7, 8], "a": [5, 6]}]}"#)
                == ["predictions": [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]])
    }

    @Test func `columns are one tensor for each input and output`() async throws {
        #expect(
            try await predict("identity", #"{"inputs": [[1, 2, 3]]}"#)
                == ["outputs": [[1.0, 2.0, 3.0]]])
        #expect(
            try await predict("joined", #"{"inputs": {"b": [[3, 4]], "a": [[1, 2]]}}"#)
                == ["outputs": [[1.0, 2.0, 3.0, 4.0]]])
        #expect(
            try await predict("two", #"{"inputs": {"x": [[1, 2, 4]]}}"#)
                == ["outputs": ["y": [[1.0, 2.0, 4.0]], "total": [[7.0]]]])
    }

    @Test(arguments: ["whole", "a%3Ab", "identity/versions/1"])
    func `other types, names with colons and versions are found`(path: String) async throws {
        #expect(
            try await predict(path, #"{"instances": [[1, 2, 3]]}"#)
                == ["predictions": [[1.0, 2.0, 3.0]]])
    }

    @Test func `pictures come in base 64`() async throws {
        // All pixels 128: the scores are 0 and 128 / 32 − 4 = 0.
        let png = try ImageEncoder.png(
            Tensor([UInt8](repeating: 128, count: 48), shape: [4, 4, 3]))
        let picture = #"{"b64": "\#(Data(png).base64EncodedString())"}"#
        for body in [
            #"{"instances": [\#(picture), \#(picture)]}"#,
            #"{"instances": [{"image": \#(picture)}, {"image": \#(picture)}]}"#,
        ] {
            #expect(
                try await predict("brightness", body) == [
                    "predictions": [[0.5, 0.5], [0.5, 0.5]]
                ])
        }
        #expect(
            try await predict("brightness", #"{"inputs": [\#(picture)]}"#)
                == ["outputs": [[0.5, 0.5]]])
    }

    @Test(arguments: [
        ("identity", #"{}"#, "neither instances"),
        ("identity", #"{"instances": []}"#, "instances has no samples"),
        ("identity", #"{"instances": 1}"#, "instances is an array"),
        ("identity", #"{"instances": [[1, 2]]}"#, "shape [1, 2], but model identity takes [-1, 3]"),
        (
            "identity", #"{"instances": [[1, 2, 3], [1, 2]]}"#,
            "sample 1 of input \"x\" has shape [2]"
        ),
        ("identity", #"{"instances": [[1, 2, "3"]]}"#, "is a number"),
        (
            "identity", #"{"instances": [{"y": [1, 2, 3]}]}"#,
            "there is no input \"y\"; the model has \"x\""
        ),
        ("identity", #"{"instances": [[1, 2, 3]], "inputs": [[1, 2, 3]]}"#, "exclude each other"),
        ("identity", #"{"instances": [[1, 2, 3]], "signature_name": "other"}"#, "no signature"),
        (
            "identity", #"{"instances": [{"b64": "AAAA"}]}"#,
            "the model takes FP32 [-1, 3], not pictures"
        ),
        ("joined", #"{"instances": [[1, 2]]}"#, "several inputs"),
        ("joined", #"{"instances": [{"a": [1, 2]}]}"#, "sample 0 has no value for input \"b\""),
        ("joined", #"{"inputs": {"a": [[1, 2]]}}"#, "\"b\" is missing"),
        ("whole", #"{"instances": [[1, 2, 2.5]]}"#, "is an integer"),
        ("whole", #"{"instances": [[1, 2, 3000000000]]}"#, "but the model takes int32"),
        ("brightness", #"{"instances": [{"b64": "?"}]}"#, "b64 is a text in base 64"),
        ("brightness", #"{"instances": [{"b64": "AAAA"}]}"#, "neither a PNG nor a JPEG"),
        ("brightness", #"{"instances": [{"b64": 7}]}"#, "b64 is a text"),
        ("brightness", #"{"instances": [{"b64": "AAAA"}, [1]]}"#, "pictures beside numbers"),
    ])
    func `wrong requests are told what is wrong`(
        model: String, body: String, message: String
    ) async throws {
        let answer = try await server.post("/v1/models/\(model):predict", body)
        #expect(answer.status == 400)
        #expect(answer.error.contains(message), "\(answer.error)")
    }

    @Test func `the status names the versions`() async throws {
        let expected: JSONValue = [
            "model_version_status": [
                [
                    "version": "1", "state": "AVAILABLE",
                    "status": ["error_code": "OK", "error_message": ""],
                ]
            ]
        ]
        #expect(try await server.get("/v1/models/two").json == expected)
        #expect(try await server.get("/v1/models/two/versions/1").json == expected)
        #expect(try await server.get("/v1/models/two/versions/2").status == 404)
    }

    @Test func `the metadata has the signature`() async throws {
        let json = try await server.get("/v1/models/two/versions/1/metadata").json
        #expect(json["model_spec"] == ["name": "two", "signature_name": "", "version": "1"])
        let signature = json["metadata"]?["signature_def"]?["signature_def"]?["serving_default"]
        #expect(
            signature?["inputs"]?["x"] == [
                "dtype": "DT_FLOAT", "name": "x",
                "tensor_shape": [
                    "dim": [["size": "-1", "name": ""], ["size": "3", "name": ""]],
                    "unknown_rank": false,
                ],
            ])
        #expect(signature?["method_name"] == "tensorflow/serving/predict")
    }

    @Test func `labels, other methods and no method are told the cure`() async throws {
        let label = try await server.get("/v1/models/two/labels/stable")
        #expect(label.status == 404)
        #expect(label.error.contains("/v1/models/two/versions/1"))
        let classify = try await server.post("/v1/models/two:classify", "{}")
        #expect(classify.status == 404)
        #expect(classify.error.contains(":predict"))
        let none = try await server.post("/v1/models/two", "{}")
        #expect(none.status == 404)
        #expect(none.error.contains("two:predict"))
    }
}
#endif
