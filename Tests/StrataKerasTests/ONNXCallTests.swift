import CStrataKeras
import StrataGraph
import Testing

extension CInterfaceTests {
    /// What ONNX Runtime makes of such files is tested in Python, by models of Keras.
    @Suite struct ONNXCallTests {
        /// A network's symbols for a number of samples.
        private struct Network {
            var inputs: [strata_handle]
            var outputs: [strata_handle]
        }

        private final class Received {
            var bytes: [UInt8] = []
        }

        private func file(
            _ networks: [Network], inputNames: [String] = ["x"], outputNames: [String] = ["y"],
            operatorSet: Int64 = 0
        ) throws -> [UInt8] {
            let received = Received()
            var lists: [UnsafeMutableBufferPointer<strata_handle>] = []
            func list(_ handles: [strata_handle]) -> UnsafePointer<strata_handle>? {
                let list = UnsafeMutableBufferPointer<strata_handle>.allocate(
                    capacity: handles.count)
                _ = list.initialize(from: handles)
                lists.append(list)
                return UnsafePointer(list.baseAddress)
            }
            defer { for list in lists { list.deallocate() } }
            let traces = networks.map {
                strata_trace(inputs: list($0.inputs), outputs: list($0.outputs))
            }
            try withTexts(inputNames) { inputNames in
                try withTexts(outputNames) { outputNames in
                    try succeed(
                        strata_keras_onnx(
                            "network", traces, Int64(traces.count), inputNames,
                            Int64(networks.first?.inputs.count ?? 0), outputNames,
                            Int64(networks.first?.outputs.count ?? 0), operatorSet,
                            { context, bytes, count in
                                guard let context else { return }
                                let received = Unmanaged<Received>.fromOpaque(context)
                                    .takeUnretainedValue()
                                received.bytes += UnsafeRawBufferPointer(
                                    start: bytes, count: Int(count))
                            }, Unmanaged.passUnretained(received).toOpaque()))
                }
            }
            return received.bytes
        }

        private func withTexts<Result>(
            _ texts: [String], _ body: ([UnsafePointer<CChar>?]) throws -> Result
        ) rethrows -> Result {
            let copies = texts.map { text in
                let bytes = text.utf8CString
                let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
                _ = copy.initialize(from: bytes)
                return copy
            }
            defer { for copy in copies { copy.deallocate() } }
            return try body(copies.map { UnsafePointer($0.baseAddress) })
        }

        private func networks(
            _ session: Session, _ make: (strata_handle) throws -> strata_handle
        ) throws -> [Network] {
            try [5, 7].map { count in
                let input = try session.input([count, 2])
                return Network(inputs: [input], outputs: [try make(input)])
            }
        }

        @Test func `a file has the names of inputs, outputs and variables`() throws {
            let session = Session()
            let weights = try session.value(of: session.variable([1, 2, 3, 4] as [Float], [2, 2]))
            let networks = try networks(session) { input in
                try session.apply("add", session.apply("innerProduct", input, weights), input)
            }
            let bytes = try file(networks, inputNames: ["left"], outputNames: ["right"])
            #expect(bytes.prefix(2) == [0x08, 8])
            let text = String(decoding: bytes, as: UTF8.self)
            for name in ["network", "left", "right", "v", "batch", "Gemm"] {
                #expect(text.contains(name))
            }
        }

        @Test func `what ONNX cannot say is an error that names the operation`() throws {
            let session = Session()
            let ones = try session.constant([1, 1] as [Float], [2])
            let networks = try networks(session) {
                try session.apply(
                    "batchNormalization", $0, ones, ones, attributes: ["epsilon": .float(0.1)])
            }
            let error = #expect(throws: CallFailure.self) { try file(networks) }
            #expect(error?.status == Int32(strata_status_invalid.rawValue))
            #expect(error?.message.contains("batchNormalization has no form in ONNX") == true)
        }

        @Test func `traces that do not belong together are refused`() throws {
            let session = Session()
            let relu = try networks(session) { try session.apply("relu", $0) }
            let exp = try networks(session) { try session.apply("exp", $0) }
            let cases: [([Network], String)] = [
                ([relu[0]], "1 traces were given"),
                ([relu[0], exp[1]], "fixed number of samples"),
                ([Network(inputs: relu[0].outputs, outputs: exp[0].outputs), relu[1]], "samples"),
                ([Network(inputs: exp[0].inputs, outputs: relu[0].outputs), relu[1]], "samples"),
                (
                    [
                        Network(inputs: relu[0].outputs, outputs: relu[0].outputs),
                        Network(inputs: relu[1].outputs, outputs: relu[1].outputs),
                    ], "not an input"
                ),
            ]
            for (networks, message) in cases {
                let error = #expect(throws: CallFailure.self) { try file(networks) }
                #expect(error?.message.contains(message) == true)
                #expect(error?.message.contains("fix: ") == true)
            }
            let error = #expect(throws: CallFailure.self) { try file(relu, operatorSet: 9) }
            #expect(error?.message.contains("use 15 to 18") == true)
        }
    }
}
