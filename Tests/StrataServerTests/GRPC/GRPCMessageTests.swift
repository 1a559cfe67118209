#if Server
import Foundation
import GRPCCore
import SwiftProtobuf
import Testing

@testable import StrataServer

/// Values and bytes are those of the protocol's own definition; `scripts/test-serve` has Triton's client.
@Suite struct GRPCMessageTests {
    private func request(
        _ datatype: String, shape: [Int64] = [1, 2], raw: [UInt8]? = nil,
        _ contents: (inout Inference_InferTensorContents) -> Void = { _ in }
    ) -> Inference_ModelInferRequest {
        .with {
            $0.id = "7"
            $0.inputs = [
                .with {
                    $0.name = "x"
                    $0.datatype = datatype
                    $0.shape = shape
                    if raw == nil { contents(&$0.contents) }
                }
            ]
            if let raw { $0.rawInputContents = [Data(raw)] }
        }
    }

    @Test func typedElementsComeFromTheFieldOfTheirDatatype() throws {
        let cases: [(Inference_ModelInferRequest, InferenceContents)] = [
            (request("BOOL") { $0.boolContents = [true, false] }, .bool([true, false])),
            (request("INT8") { $0.intContents = [-128, 127] }, .int64([-128, 127])),
            (request("INT64") { $0.int64Contents = [.min, .max] }, .int64([.min, .max])),
            (request("UINT32") { $0.uintContents = [0, .max] }, .int64([0, 4_294_967_295])),
            (request("UINT64") { $0.uint64Contents = [0, .max] }, .uint64([0, .max])),
            (request("FP32") { $0.fp32Contents = [0.5, -1] }, .float32([0.5, -1])),
            (request("FP64") { $0.fp64Contents = [0.1, -1] }, .float64([0.1, -1])),
            (request("BYTES") { $0.bytesContents = [Data([1]), Data()] }, .bytes([[1], []])),
        ]
        for (message, contents) in cases {
            let request = try InferenceRequest(message)
            #expect(request.inputs.map(\.contents) == [contents])
            #expect(request.id == "7")
        }
    }

    @Test func rawElementsAreLittleEndian() throws {
        let raw: [UInt8] = [0, 0, 128, 63, 0, 0, 0, 192]
        let request = try InferenceRequest(request("FP32", raw: raw))
        #expect(request.inputs.map(\.contents) == [.float32([1, -2])])
    }

    @Test(arguments: [
        ("FP32", [1, 2], 7, "input \"x\" came with 7 bytes, but FP32 [1, 2] takes 8"),
        ("FP32", [1, -2], 8, "input \"x\" has shape [1, -2]"),
        ("FP32", [1 << 62, 4], 8, "input \"x\" has shape [4611686018427387904, 4]"),
        ("FP31", [1, 2], 8, "input \"x\" has datatype \"FP31\""),
    ])
    func anInputThatIsNotWhole(
        _ datatype: String, _ shape: [Int64], _ bytes: Int, _ words: String
    ) throws {
        let message = request(datatype, shape: shape, raw: [UInt8](repeating: 0, count: bytes))
        let error = #expect(throws: ServingError.self) { try InferenceRequest(message) }
        #expect(error?.status == .invalidArgument)
        #expect(error?.message.hasPrefix(words) == true)
    }

    @Test func eachInputHasItsRawContents() throws {
        var message = request("FP32", raw: [UInt8](repeating: 0, count: 8))
        message.rawInputContents.append(Data())
        let error = #expect(throws: ServingError.self) { try InferenceRequest(message) }
        #expect(
            error?.message
                == "the request has 1 inputs, but raw_input_contents has 2; give one for each "
                + "input, or none and contents instead")
    }

    @Test func contentsAndRawContentsTogether() throws {
        var message = request("FP32", raw: [UInt8](repeating: 0, count: 8))
        message.inputs[0].contents.fp32Contents = [1, 2]
        let error = #expect(throws: ServingError.self) { try InferenceRequest(message) }
        #expect(error?.message.hasPrefix("input \"x\" has contents as well") == true)
    }

    @Test func answersAreInTheFormOfTheRequest() throws {
        let tensor = try InferenceTensor(
            name: "y", datatype: .fp32, shape: [2], contents: .float32([1, -2]))
        let response = InferenceResponse(
            modelName: "m", modelVersion: "3", id: "7", outputs: [tensor])
        let raw = Inference_ModelInferResponse(response, isRaw: true)
        #expect(raw.rawOutputContents == [Data([0, 0, 128, 63, 0, 0, 0, 192])])
        #expect(!raw.outputs[0].hasContents)
        let typed = Inference_ModelInferResponse(response, isRaw: false)
        #expect(typed.outputs[0].contents.fp32Contents == [1, -2])
        #expect(typed.rawOutputContents.isEmpty)
        #expect((typed.modelName, typed.modelVersion, typed.id) == ("m", "3", "7"))
    }

    // The protocol's Timeout is TimeoutValue, at most eight digits, and TimeoutUnit, a letter.
    @Test(arguments: [("1S", true), ("20000m", true), ("-1S", false), ("S", false), ("", false)])
    func aTimeoutThatIsNoneIsLeftOut(_ value: String, _ isKept: Bool) {
        let part = RPCRequestPart<[UInt8]>.metadata(["grpc-timeout": "\(value)", "other": "x"])
        guard case .metadata(let metadata) = CheckedTransport.checked(part) else {
            Issue.record("the part is of another kind")
            return
        }
        #expect(Array(metadata[stringValues: "grpc-timeout"]) == (isKept ? [value] : []))
        #expect(Array(metadata[stringValues: "other"]) == ["x"])
    }

    // The numbers of https://grpc.io/docs/guides/status-codes.
    @Test(arguments: [
        (ServingError.Status.invalidArgument, 3), (.unsupportedMediaType, 3), (.timeout, 4),
        (.notFound, 5), (.permissionDenied, 7), (.tooLarge, 8), (.queueFull, 8),
        (.unimplemented, 12), (.internalError, 13), (.unavailable, 14), (.unauthenticated, 16),
    ])
    func statusesAreThoseOfGRPC(_ status: ServingError.Status, _ code: Int) {
        #expect(RPCError.Code(status).rawValue == code)
        #expect(RPCError(ServingError(status, "why")).message == "why")
    }
}
#endif
