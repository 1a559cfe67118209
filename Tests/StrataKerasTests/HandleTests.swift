import CStrataKeras
import StrataGraph
import Testing

/// A call with one handle, and the kind that it needs.
struct HandleUse: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kind: String
    var call: @Sendable (strata_handle) -> Int32
}

extension CInterfaceTests {
    @Suite struct HandleTests {
        @Test(arguments: uses)
        func `a handle that names nothing is an error`(use: HandleUse) {
            for handle in [0, 77, 1 << 32 | 0xFFFF_FFFF, .max] as [strata_handle] {
                #expect(use.call(handle) == 1)
                #expect(String(cString: strata_keras_error()).contains("names nothing"))
            }
        }

        @Test(arguments: uses)
        func `a released handle is an error, also when its place is used again`(use: HandleUse)
            throws
        {
            let (symbol, others) = try everyKind()
            strata_keras_release([symbol], 1)
            let again = Session()
            let next = try again.input([2])
            #expect(next != symbol)
            #expect(use.call(symbol) == 1)
            #expect(String(cString: strata_keras_error()).contains("was released"))
            strata_keras_release([symbol], 1)
            var type = strata_type()
            #expect(strata_keras_symbol_type(next, &type) == 0)
            strata_keras_release(others, Int64(others.count))
        }

        @Test(arguments: uses)
        func `a handle of another kind is an error that names both`(use: HandleUse) throws {
            let (symbol, others) = try everyKind()
            let kinds = ["a symbol", "a variable", "an operation", "a plan"]
            for (handle, kind) in zip([symbol] + others, kinds) where kind != use.kind {
                #expect(use.call(handle) == 1)
                let message = String(cString: strata_keras_error())
                #expect(message.contains("the handle of \(kind) was given, where \(use.kind)"))
            }
            strata_keras_release([symbol] + others, Int64(1 + others.count))
        }

        @Test func `what is released is counted once, and nothing else is`() throws {
            let count = try Session.handleCount
            let (symbol, others) = try everyKind()
            #expect(try Session.handleCount == count + 4)
            let handles = [symbol, symbol, 0, .max] + others
            strata_keras_release(handles, Int64(handles.count))
            strata_keras_release(nil, 3)
            strata_keras_release(handles, -1)
            #expect(try Session.handleCount == count)
        }

        @Test func `a plan and a symbol keep what they need`() throws {
            let session = Session()
            let x = try session.input([2])
            let weights = try Session().variable([Float(2), 3], [2])
            #expect(strata_keras_read_variable(weights, nil, 0) == 1)
            let inner = Session()
            let v = try inner.variable([Float(2), 3], [2])
            let product = try session.apply("multiply", x, inner.value(of: v))
            let plan = try session.plan([x], [product])
            withExtendedLifetime(inner) {}
            #expect(try session.run(plan, [[10, 10]], outputs: [2]) == [[20, 30]])
        }

        /// A symbol, and a variable, an operation and a plan.
        private func everyKind() throws -> (strata_handle, [strata_handle]) {
            var type = type([2])
            var handles = [strata_handle](repeating: 0, count: 4)
            try succeed(strata_keras_input("x", &type, &handles[0]))
            try succeed(strata_keras_variable("v", &type, [Float(1), 2], 8, &handles[1]))
            try succeed(strata_keras_operation("negate", nil, 0, &handles[2]))
            try succeed(
                strata_keras_plan([handles[0]], 1, [handles[0]], 1, nil, nil, 0, &handles[3]))
            return (handles[0], Array(handles[1...]))
        }

        static let uses: [HandleUse] = [
            HandleUse(testDescription: "apply's operation", kind: "an operation") { handle in
                var (result, count) = (strata_symbol(), Int64())
                return strata_keras_apply(handle, nil, 0, &result, 1, &count)
            },
            HandleUse(testDescription: "apply's input", kind: "a symbol") { handle in
                let session = Session()
                guard let operation = try? session.operation("negate") else { return -1 }
                var (result, count) = (strata_symbol(), Int64())
                return strata_keras_apply(operation, [handle], 1, &result, 1, &count)
            },
            HandleUse(testDescription: "symbol_type", kind: "a symbol") { handle in
                var type = strata_type()
                return strata_keras_symbol_type(handle, &type)
            },
            HandleUse(testDescription: "the scalar of gradients", kind: "a symbol") { handle in
                strata_keras_gradients(handle, nil, 0, nil)
            },
            HandleUse(testDescription: "variable_symbol", kind: "a variable") { handle in
                var symbol = strata_handle()
                return strata_keras_variable_symbol(handle, &symbol)
            },
            HandleUse(testDescription: "read_variable", kind: "a variable") { handle in
                var numbers: (Float, Float) = (0, 0)
                return strata_keras_read_variable(handle, &numbers, 8)
            },
            HandleUse(testDescription: "write_variable", kind: "a variable") { handle in
                strata_keras_write_variable(handle, [Float(0), 0], 8)
            },
            HandleUse(testDescription: "an input of plan", kind: "a symbol") { handle in
                var plan = strata_handle()
                return strata_keras_plan([handle], 1, nil, 0, nil, nil, 0, &plan)
            },
            HandleUse(testDescription: "an output of plan", kind: "a symbol") { handle in
                var plan = strata_handle()
                return strata_keras_plan(nil, 0, [handle], 1, nil, nil, 0, &plan)
            },
            HandleUse(testDescription: "a variable of plan", kind: "a variable") { handle in
                var plan = strata_handle()
                return strata_keras_plan(nil, 0, nil, 0, [handle], [handle], 1, &plan)
            },
            HandleUse(testDescription: "run", kind: "a plan") { handle in
                strata_keras_run(handle, nil, nil, 0, nil, nil, 0)
            },
            HandleUse(testDescription: "plan_text", kind: "a plan") { handle in
                var length: Int64 = 0
                return strata_keras_plan_text(handle, nil, 0, &length)
            },
            HandleUse(testDescription: "profile_text", kind: "a plan") { handle in
                var length: Int64 = 0
                return strata_keras_profile_text(handle, 0.001, nil, 0, &length)
            },
            HandleUse(testDescription: "plan_size", kind: "a plan") { handle in
                var size: Int64 = 0
                return strata_keras_plan_size(handle, &size)
            },
        ]
    }
}
