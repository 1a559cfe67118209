import CStrataKeras
import StrataGraph
import Testing

/// A call that must fail.
struct Misuse: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What the message says.
    var message: String
    var status: strata_status
    var call: @Sendable (Session) throws -> Int32

    init(
        _ description: String, _ message: String, status: strata_status = strata_status_invalid,
        _ call: @escaping @Sendable (Session) throws -> Int32
    ) {
        (testDescription, self.message, self.status, self.call) = (
            description, message, status, call
        )
    }
}

extension CInterfaceTests {
    @Suite struct MisuseTests {
        @Test(arguments: types + graphs + variables + plans + others)
        func `the call fails with a message, and leaves no handles`(misuse: Misuse) throws {
            let count = try Session.handleCount
            do {
                let session = Session()
                #expect(try misuse.call(session) == Int32(misuse.status.rawValue))
                let message = String(cString: strata_keras_error())
                #expect(message.contains(misuse.message))
                #expect(message.contains("fix: "))
            }
            #expect(try Session.handleCount == count)
        }

        private static func inputStatus(_ type: strata_type) -> Int32 {
            var (type, handle) = (type, strata_handle())
            return strata_keras_input("x", &type, &handle)
        }

        static let types: [Misuse] = [
            Misuse("a rank above the maximum", "13 axes") { _ in
                inputStatus(type(Array(repeating: 1, count: 13)))
            },
            Misuse("a negative rank", "-1 axes") { _ in
                var type = type([])
                type.rank = -1
                return inputStatus(type)
            },
            Misuse("an unknown dtype", "no dtype 7") { _ in
                var type = type([])
                type.dtype = 7
                return inputStatus(type)
            },
            Misuse("a negative dimension", "[2, -1]") { _ in inputStatus(type([2, -1])) },
            Misuse("dimensions that overflow", "shape") { _ in
                inputStatus(type([1 << 40, 1 << 40]))
            },
            Misuse("no name", "the input's name is null") { _ in
                var (type, handle) = (type([]), strata_handle())
                return strata_keras_input(nil, &type, &handle)
            },
            Misuse("no type", "type of input x is null") { _ in
                var handle = strata_handle()
                return strata_keras_input("x", nil, &handle)
            },
            Misuse("no place", "place of the symbol is null") { _ in
                var type = type([])
                return strata_keras_input("x", &type, nil)
            },
        ]

        static let graphs: [Misuse] = [
            Misuse("a constant of too few bytes", "has 7 bytes, where float32[2] has 8") { _ in
                var (type, handle) = (type([2]), strata_handle())
                return strata_keras_constant(&type, [Float(1), 2], 7, &handle)
            },
            Misuse("a constant of a negative size", "has -8 bytes") { _ in
                var (type, handle) = (type([2]), strata_handle())
                return strata_keras_constant(&type, [Float(1), 2], -8, &handle)
            },
            Misuse("a constant without bytes", "is null") { _ in
                var (type, handle) = (type([2]), strata_handle())
                return strata_keras_constant(&type, nil, 8, &handle)
            },
            Misuse("an unknown operation", "there is no operation convolve") { session in
                var handle = strata_handle()
                return strata_keras_operation("convolve", nil, 0, &handle)
            },
            Misuse("an unknown attribute", "negate has no attribute axis") { _ in
                operationStatus("negate", ["axis": .int(0)])
            },
            Misuse("a missing attribute", "softmax needs the attribute axis") { _ in
                operationStatus("softmax", [:])
            },
            Misuse("an attribute of another type", "attribute axis of softmax is") { _ in
                operationStatus("softmax", ["axis": .string("last")])
            },
            Misuse("an attribute of an unknown kind", "is of kind -1") { _ in
                operationStatus("softmax", ["axis": .tensor(Tensor(0))])
            },
            Misuse("an attribute without text", "text of attribute kind is null") { _ in
                var (record, handle) = (strata_attribute(), strata_handle())
                record.kind = Int32(strata_attribute_string.rawValue)
                return "kind".withCString {
                    record.name = $0
                    return strata_keras_operation("reduction", &record, 1, &handle)
                }
            },
            Misuse("an attribute without a name", "name of an attribute of negate is null") { _ in
                var (record, handle) = (strata_attribute(), strata_handle())
                return strata_keras_operation("negate", &record, 1, &handle)
            },
            Misuse("a negative number of integers", "-2 integers") { _ in
                var (record, handle) = (strata_attribute(), strata_handle())
                record.kind = Int32(strata_attribute_ints.rawValue)
                record.count = -2
                return "shape".withCString {
                    record.name = $0
                    return strata_keras_operation("reshape", &record, 1, &handle)
                }
            },
            Misuse("attributes given twice", "given twice") { _ in
                var handle = strata_handle()
                return "axis".withCString { name in
                    var record = strata_attribute()
                    record.kind = Int32(strata_attribute_int.rawValue)
                    record.name = name
                    return strata_keras_operation("softmax", [record, record], 2, &handle)
                }
            },
            Misuse("more attributes than there can be", "attributes were given") { _ in
                var (record, handle) = (strata_attribute(), strata_handle())
                return strata_keras_operation("negate", &record, 1 << 40, &handle)
            },
            Misuse("shapes that do not broadcast", "[2] and [3] do not broadcast") { session in
                let inputs = [try session.input([2]), try session.input([3])]
                return try applyStatus(session, "add", inputs)
            },
            Misuse("too few inputs", "add was called with 1 inputs") { session in
                try applyStatus(session, "add", [session.input([2])])
            },
            Misuse("a negative number of inputs", "-1 inputs") { session in
                var (result, count) = (strata_symbol(), Int64())
                let operation = try session.operation("negate")
                return strata_keras_apply(operation, nil, -1, &result, 1, &count)
            },
            Misuse("no room for the results", "1 results, for which there are 0 places") {
                session in
                var count: Int64 = 0
                let (operation, x) = (try session.operation("negate"), try session.input([2]))
                return strata_keras_apply(operation, [x], 1, nil, 0, &count)
            },
            Misuse("no place for the results", "place of the results is null") { session in
                var count: Int64 = 0
                let (operation, x) = (try session.operation("negate"), try session.input([2]))
                return strata_keras_apply(operation, [x], 1, nil, 4, &count)
            },
            Misuse("a result of too many axes", "at most 12 axes") { session in
                let x = try session.input(Array(repeating: 1, count: 12), strata_dtype_int32)
                return try applyStatus(session, "oneHot", [x], ["depth": .int(2)])
            },
            Misuse("a result of too many elements", "needs") { session in
                let x = try session.input([1])
                return try applyStatus(
                    session, "broadcast", [x], ["shape": .ints([1 << 30, 1 << 30])])
            },
            Misuse("a leaf that is called", "no call") { session in
                try applyStatus(session, "input", [], ["name": .string("x")])
            },
            Misuse("gradients of no scalar", "gradients of float32[2] were asked for") { session in
                var result = strata_symbol()
                let x = try session.input([2])
                return strata_keras_gradients(x, [x], 1, &result)
            },
            Misuse("gradients of a whole number", "gradients of int32[]") { session in
                var result = strata_symbol()
                let x = try session.input([], strata_dtype_int32)
                return strata_keras_gradients(x, [x], 1, &result)
            },
            Misuse("no place for gradients", "place of the results is null") { session in
                let x = try session.input([])
                return strata_keras_gradients(x, [x], 1, nil)
            },
        ]

        private static func operationStatus(
            _ name: String, _ attributes: [String: AttributeValue]
        ) -> Int32 {
            var handle = strata_handle()
            return withAttributes(attributes) {
                strata_keras_operation(name, $0, Int64(attributes.count), &handle)
            }
        }

        private static func applyStatus(
            _ session: Session, _ name: String, _ inputs: [strata_handle],
            _ attributes: [String: AttributeValue] = [:]
        ) throws -> Int32 {
            var (result, count) = (strata_symbol(), Int64())
            let operation = try session.operation(name, attributes)
            return strata_keras_apply(
                operation, inputs, Int64(inputs.count), &result, 1, &count)
        }

        static let variables: [Misuse] = [
            Misuse("a variable of another size", "has 4 bytes, where float32[2] has 8") { _ in
                var (type, handle) = (type([2]), strata_handle())
                return strata_keras_variable("v", &type, [Float(1)], 4, &handle)
            },
            Misuse("a value that is read to too little room", "has 4 bytes") { session in
                var number: Float = 0
                return strata_keras_read_variable(
                    try session.variable([Float(1), 2], [2]), &number, 4)
            },
            Misuse("a value that is read to nowhere", "is null") { session in
                strata_keras_read_variable(try session.variable([Float(1), 2], [2]), nil, 8)
            },
            Misuse("a value of another size", "has 4 bytes") { session in
                strata_keras_write_variable(
                    try session.variable([Float(1), 2], [2]), [Float(1)], 4)
            },
        ]

        static let plans: [Misuse] = [
            Misuse("an input that is a result", "input 0 of the plan is the result") { session in
                let y = try session.apply("negate", session.input([2]))
                var plan = strata_handle()
                return strata_keras_plan([y], 1, [y], 1, nil, nil, 0, &plan)
            },
            Misuse("an input that was given twice", "was given twice") { session in
                let x = try session.input([2])
                var plan = strata_handle()
                return strata_keras_plan([x, x], 2, [x], 1, nil, nil, 0, &plan)
            },
            Misuse("an input that is missing", "the graph reads input x#") { session in
                let x = try session.input([2])
                var plan = strata_handle()
                return strata_keras_plan(nil, 0, [x], 1, nil, nil, 0, &plan)
            },
            Misuse("two values of one variable", "v has two new values") { session in
                let v = try session.variable([Float(1)], [])
                let value = try session.value(of: v)
                var plan = strata_handle()
                return strata_keras_plan(nil, 0, nil, 0, [v, v], [value, value], 2, &plan)
            },
            Misuse("a value of another shape", "new value of v has shape [2]") { session in
                let v = try session.variable([Float(1)], [])
                let x = try session.input([2])
                var plan = strata_handle()
                return strata_keras_plan([x], 1, nil, 0, [v], [x], 1, &plan)
            },
            Misuse("no place for the plan", "place of the plan is null") { session in
                let x = try session.input([2])
                return strata_keras_plan([x], 1, [x], 1, nil, nil, 0, nil)
            },
            Misuse("too few inputs of a run", "0 inputs were given to a plan of 1") { session in
                var number: (Float, Float) = (0, 0)
                return withUnsafeMutablePointer(to: &number) { place in
                    strata_keras_run(
                        (try? identity(session)) ?? 0, nil, nil, 0,
                        [UnsafeMutableRawPointer(place)],
                        [8], 1)
                }
            },
            Misuse("an input of another size", "has 4 bytes, where float32[2] has 8") { session in
                try runStatus(session, inputSize: 4, outputSize: 8)
            },
            Misuse("an output of another size", "place of output 0 has 12 bytes") { session in
                try runStatus(session, inputSize: 8, outputSize: 12)
            },
            Misuse("an input without an address", "input x#") { session in
                let plan = try identity(session)
                var numbers: [Float] = [0, 0]
                return numbers.withUnsafeMutableBytes { bytes in
                    strata_keras_run(plan, [nil], [8], 1, [bytes.baseAddress], [8], 1)
                }
            },
            Misuse("sizes without an address", "sizes of inputs is null") { session in
                let plan = try identity(session)
                return strata_keras_run(plan, [nil], nil, 1, [nil], [8], 1)
            },
            Misuse("a profile of no duration", "nan seconds") { session in
                var length: Int64 = 0
                return strata_keras_profile_text(try identity(session), .nan, nil, 0, &length)
            },
        ]

        private static func identity(_ session: Session) throws -> strata_handle {
            let x = try session.input([2])
            return try session.plan([x], [x])
        }

        private static func runStatus(
            _ session: Session, inputSize: Int64, outputSize: Int64
        ) throws -> Int32 {
            let plan = try identity(session)
            var (given, room) = ([Float](repeating: 1, count: 4), [Float](repeating: 0, count: 4))
            return given.withUnsafeMutableBytes { given in
                room.withUnsafeMutableBytes { room in
                    strata_keras_run(
                        plan, [UnsafeRawPointer(given.baseAddress)], [inputSize], 1,
                        [room.baseAddress], [outputSize], 1)
                }
            }
        }

        static let others: [Misuse] = [
            Misuse("no threads", "0 threads were asked for") { _ in strata_keras_set_thread_count(0)
            },
            Misuse("more threads than a team has", "1000000 threads") { _ in
                strata_keras_set_thread_count(1_000_000)
            },
            Misuse("no place for a count", "is null") { _ in strata_keras_thread_count(nil) },
            Misuse("no place for an answer", "is null") { _ in strata_keras_computes_bfloat16(nil)
            },
            Misuse("no place for the number of handles", "is null") { _ in
                strata_keras_handle_count(nil)
            },
            Misuse("no place for a length", "place of the length is null") { _ in
                strata_keras_operation_names(nil, 0, nil)
            },
            Misuse("a negative capacity", "no room for -1 bytes") { _ in
                var length: Int64 = 0
                return strata_keras_operation_names(nil, -1, &length)
            },
            Misuse("a host function without an address", "pointer to f is null") { _ in
                var handle = strata_handle()
                var type = type([])
                return strata_keras_host_operation(
                    "f", 1, nil, 0, &type, 1, nil, nil, nil, &handle)
            },
            Misuse("a host function without outputs", "f has no outputs") { _ in
                var handle = strata_handle()
                return strata_keras_host_operation(
                    "f", 1, nil, 0, nil, 0, { _, _, _ in 0 }, nil, nil, &handle)
            },
            Misuse("a gradient without an address", "gradient of f is null") { _ in
                var handle = strata_handle()
                return strata_keras_gradient_operation("f", 1, nil, nil, &handle)
            },
        ]
    }
}
