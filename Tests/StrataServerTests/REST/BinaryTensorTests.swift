#if Server
import HTTPTypes
import Strata
@testable import StrataServer
import Testing

/// Triton's extension `binary_tensor_data`.
@Suite struct BinaryTensorTests {
    private let server: RESTServer

    init() throws {
        server = RESTServer([
            "identity": try TinyModels.identity(), "two": try TinyModels.identityAndSum(),
            "joined": try TinyModels.joined(),
        ])
    }

    private func infer(
        _ json: String, _ binary: [UInt8], model: String = "identity", length: String? = nil
    ) async throws -> RESTServer.Answer {
        var headers: HTTPFields = [.contentType: "application/octet-stream"]
        headers[.inferenceHeaderContentLength] = length ?? String(json.utf8.count)
        return try await server.send(
            .post, "/v2/models/\(model)/infer", headers: headers, body: Array(json.utf8) + binary)
    }

    private func input(_ datatype: String, size: Int) -> String {
        #"{"name": "x", "shape": [1, 3], "datatype": "\#(datatype)", "parameters": {"binary_data_size": \#(size)}}"#
    }

    private static let forms: [(String, [UInt8])] = [
        ("BOOL", [0, 1, 1]), ("UINT8", [0, 1, 2]), ("INT8", bytes([0, 1, 2] as [Int8])),
        ("UINT16", bytes([0, 1, 2] as [UInt16])), ("INT16", bytes([0, 1, 2] as [Int16])),
        ("UINT32", bytes([0, 1, 2] as [UInt32])), ("INT32", bytes([0, 1, 2] as [Int32])),
        ("UINT64", bytes([0, 1, 2] as [UInt64])), ("INT64", bytes([0, 1, 2] as [Int64])),
        // IEEE 754 binary16, and the upper half of binary32: 0, 1, 2.
        ("FP16", bytes([0, 0x3C00, 0x4000] as [UInt16])),
        ("BF16", bytes([0, 0x3F80, 0x4000] as [UInt16])),
        ("FP32", bytes([0, 1, 2] as [Float])), ("FP64", bytes([0, 1, 2] as [Double])),
    ]

    @Test(arguments: forms)
    func `binary inputs of every datatype arrive`(datatype: String, data: [UInt8]) async throws {
        let answer = try await infer(#"{"inputs": [\#(input(datatype, size: data.count))]}"#, data)
        #expect(answer.status == 200, "\(answer.text)")
        let last: JSONValue = .number(datatype == "BOOL" ? 1 : 2)
        guard case .array(let outputs)? = try answer.json["outputs"] else { return }
        #expect(outputs.first?["data"] == [0.0, 1.0, last])
    }

    @Test func `outputs are binary where the request says so`() async throws {
        let x: [Float] = [1, 2, 4]
        let json = #"""
            {"id": "7", "inputs": [\#(input("FP32", size: 12))],
             "parameters": {"binary_data_output": true},
             "outputs": [{"name": "total", "parameters": {"binary_data": false}}, {"name": "y"}]}
            """#
        let answer = try await infer(json, bytes(x), model: "two")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.headers[.contentType] == "application/octet-stream")
        let length = try #require(Int(answer.headers[.inferenceHeaderContentLength] ?? ""))
        let header = try JSONValue(
            parsing: String(decoding: answer.body.prefix(length), as: UTF8.self))
        #expect(header["id"] == "7")
        #expect(
            header["outputs"] == [
                ["name": "total", "datatype": "FP32", "shape": [1, 1], "data": [7.0]],
                [
                    "name": "y", "datatype": "FP32", "shape": [1, 3],
                    "parameters": ["binary_data_size": 12],
                ],
            ])
        #expect(Array(answer.body.dropFirst(length)) == bytes(x))
    }

    @Test func `several binary inputs follow in the order of the inputs`() async throws {
        let json = #"""
            {"inputs": [
             {"name": "b", "shape": [1, 2], "datatype": "FP32", "parameters": {"binary_data_size": 8}},
             {"name": "a", "shape": [1, 2], "datatype": "INT16", "parameters": {"binary_data_size": 4}}]}
            """#
        let answer = try await infer(
            json, bytes([3, 4] as [Float]) + bytes([1, 2] as [Int16]), model: "joined")
        guard case .array(let outputs)? = try answer.json["outputs"] else { return }
        #expect(outputs.first?["data"] == [1.0, 2.0, 3.0, 4.0])
    }

    @Test func `classes in binary form stand after their lengths`() async throws {
        let json = #"""
            {"inputs": [\#(input("FP32", size: 12))], "outputs": [{"name": "y",
             "parameters": {"classification": 2, "binary_data": true}}]}
            """#
        let answer = try await infer(json, bytes([1, 2, 4] as [Float]))
        let length = try #require(Int(answer.headers[.inferenceHeaderContentLength] ?? ""))
        var expected: [UInt8] = []
        for text in ["4.0:2:blue", "2.0:1:green"] {
            expected += bytes([UInt32(text.utf8.count)])
            expected += Array(text.utf8)
        }
        #expect(Array(answer.body.dropFirst(length)) == expected)
    }

    @Test func `wrong sizes are refused`() async throws {
        let good = #"{"inputs": [\#(input("FP32", size: 12))]}"#
        let x = bytes([1, 2, 3] as [Float])
        func error(_ json: String, _ binary: [UInt8], length: String? = nil) async throws -> String
        {
            let answer = try await infer(json, binary, length: length)
            #expect(answer.status == 400)
            return answer.error
        }
        #expect(try await error(good, Array(x.prefix(11))).contains("11 bytes are left"))
        #expect(
            try await error(good, x + [0]).contains("1 bytes behind the JSON belong to no input"))
        #expect(
            try await error(#"{"inputs": [\#(input("FP64", size: 12))]}"#, x)
                .contains("came with 12 bytes, but FP64 [1, 3] takes 24"))
        #expect(try await error(good, x, length: "1000").contains("the body has"))
        #expect(try await error(good, x, length: "-1").contains("number of bytes"))
        #expect(try await error(good, x, length: "x").contains("number of bytes"))
        let both =
            #"{"inputs": [{"name": "x", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3], "#
            + #""parameters": {"binary_data_size": 12}}]}"#
        #expect(try await error(both, x).contains("both data and binary_data_size"))
        let negative = #"{"inputs": [\#(input("FP32", size: -12))]}"#
        #expect(try await error(negative, x).contains("0 or more"))
    }
}
#endif
