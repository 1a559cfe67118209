import CStrataKeras
import StrataGraph
import Synchronization
import Testing

/// What host functions of the tests are called with and for.
private struct HostCalls {
    var released: [Int64] = []
    var count = 0
    var inputs: [Float] = []
    /// A plan that a host function runs.
    var plan: strata_handle = 0
    /// The status of that.
    var status: Int32 = -1
}

private let calls = Mutex(HostCalls())

/// y = 2 x + id, for two elements.
private let doubled: strata_host_function = { id, inputs, outputs in
    guard let x = inputs?[0]?.assumingMemoryBound(to: Float.self),
        let y = outputs?[0]?.assumingMemoryBound(to: Float.self)
    else { return 1 }
    calls.withLock {
        $0.count += 1
        $0.inputs = [x[0], x[1]]
    }
    (y[0], y[1]) = (2 * x[0] + Float(id), 2 * x[1] + Float(id))
    return 0
}

private let failing: strata_host_function = { _, _, _ in 1 }

/// The gradient is that of the result, three times.
private let tripled: strata_host_gradient = { _, inputs, count, _, gradients, outputs, results in
    guard count >= 1, outputs == 1, inputs?[0] != 0, let gradient = gradients?[0] else { return 1 }
    let session = Session()
    guard let three = try? session.constant([Float(3)], []),
        let multiply = try? session.operation("multiply")
    else { return 1 }
    var (result, made) = (strata_symbol(), Int64())
    let status = strata_keras_apply(multiply, [gradient, three], 2, &result, 1, &made)
    results?[0] = result.handle
    return status
}

private let failingGradient: strata_host_gradient = { _, _, _, _, _, _, _ in 1 }

private let strayGradient: strata_host_gradient = { _, _, _, _, _, _, results in
    results?[0] = 1 << 40
    return 0
}

private let released: strata_host_release = { id in calls.withLock { $0.released.append(id) } }

extension Session {
    fileprivate func host(
        _ id: Int64, _ function: strata_host_function, _ gradient: strata_host_gradient? = nil
    ) throws -> strata_handle {
        var type = type([2])
        return try keep {
            strata_keras_host_operation(
                "f", id, &type, 1, &type, 1, function, gradient, released, &$0)
        }
    }
}

extension CInterfaceTests {
    @Suite struct HostFunctionTests {
        @Test func `a host function is a step of the plan`() throws {
            let session = Session()
            let x = try session.input([2])
            let squares = try session.apply("square", x)
            let y = try session.results(session.host(1, doubled), [squares])[0].handle
            let plan = try session.plan([x], [session.apply("negate", y)])
            #expect(try session.run(plan, [[1, 3]], outputs: [2]) == [[-3, -19]])
            #expect(calls.withLock { $0.inputs } == [1, 9])
            let text = try written { strata_keras_plan_text(plan, $0, $1, $2) }
            #expect(text.contains("host f"))
        }

        @Test func `it runs in every run, also where its inputs never change`() throws {
            let session = Session()
            let c = try session.constant([Float(1), 2], [2])
            let y = try session.results(session.host(0, doubled), [c])[0].handle
            let plan = try session.plan([], [y])
            let before = calls.withLock { $0.count }
            for _ in 0..<3 { #expect(try session.run(plan, [], outputs: [2]) == [[2, 4]]) }
            #expect(calls.withLock { $0.count } == before + 3)
        }

        @Test func `its inputs are row-major`() throws {
            let session = Session()
            let weights = (0..<40 * 2).map { Float($0) }
            let v = try session.variable(weights, [40, 2])
            let w = try session.value(of: v)
            let x = try session.input([8, 40])
            let product = try session.apply("innerProduct", x, w)
            let first = try session.apply(
                "slice", w, attributes: ["start": .ints([1, 0]), "sizes": .ints([1, 2])])
            let row = try session.apply("reshape", first, attributes: ["shape": .ints([2])])
            let y = try session.results(session.host(0, doubled), [row])[0].handle
            let gradient = try session.gradients(session.sum(product), [w])[0]
            let plan = try session.plan(
                [x], [y], updates: [(v, session.apply("subtract", w, gradient))])
            let ones = [Float](repeating: 1, count: 8 * 40)
            #expect(try session.run(plan, [ones], outputs: [2]) == [[4, 6]])
            #expect(try session.run(plan, [ones], outputs: [2]) == [[-12, -10]])
        }

        @Test func `a gradient goes through its rule`() throws {
            let session = Session()
            let x = try session.input([2])
            let y = try session.results(
                session.host(1, doubled, tripled), [session.apply("square", x)])
            let loss = try session.sum(y[0].handle)
            let plan = try session.plan([x], session.gradients(loss, [x]))
            #expect(try session.run(plan, [[1, 5]], outputs: [2]) == [[6, 30]])
        }

        @Test func `an operation with a gradient of its own is its first input`() throws {
            let session = Session()
            let x = try session.input([2])
            let negative = try session.apply("negate", x)
            let override = try session.keep {
                strata_keras_gradient_operation("g", 5, tripled, released, &$0)
            }
            let y = try session.results(override, [negative, x])[0].handle
            let gradients = try session.gradients(session.sum(y), [x])
            let plan = try session.plan([x], [y] + gradients)
            #expect(try session.run(plan, [[1, 2]], outputs: [2, 2]) == [[-1, -2], [-3, -3]])
        }

        @Test func `a gradient without a rule is an error that names the function`() throws {
            let session = Session()
            let x = try session.input([2])
            let y = try session.results(session.host(1, doubled), [x])[0].handle
            var result = strata_symbol()
            #expect(strata_keras_gradients(try session.sum(y), [x], 1, &result) == 1)
            let message = String(cString: strata_keras_error())
            #expect(message.contains("the host function f has no gradient"))
        }

        @Test func `a failure has a status of its own`() throws {
            let session = Session()
            let x = try session.input([2])
            let y = try session.results(session.host(1, failing), [x])[0].handle
            let plan = try session.plan([x], [y])
            let failure = #expect(throws: CallFailure.self) {
                try session.run(plan, [[1, 2]], outputs: [2])
            }
            #expect(failure?.status == Int32(strata_status_host.rawValue))
            #expect(failure?.message.contains("host f, failed") == true)
        }

        @Test func `a rule that fails has that status too`() throws {
            let session = Session()
            let x = try session.input([2])
            let y = try session.results(session.host(1, doubled, failingGradient), [x])[0].handle
            var result = strata_symbol()
            let status = strata_keras_gradients(try session.sum(y), [x], 1, &result)
            #expect(status == Int32(strata_status_host.rawValue))
        }

        @Test func `a rule that gives a handle of nothing is an error`() throws {
            let session = Session()
            let x = try session.input([2])
            let y = try session.results(session.host(1, doubled, strayGradient), [x])[0].handle
            var result = strata_symbol()
            #expect(strata_keras_gradients(try session.sum(y), [x], 1, &result) == 1)
        }

        @Test func `inputs of other types are refused`() throws {
            let session = Session()
            let operation = try session.host(1, doubled)
            for input in [try session.input([3]), try session.input([2], strata_dtype_int32)] {
                #expect(throws: CallFailure.self) { try session.results(operation, [input]) }
            }
        }

        @Test func `its owner is told once, when neither a handle nor a plan has it`() throws {
            func toldCount() -> Int {
                calls.withLock { calls in calls.released.count { $0 == 4_711 } }
            }
            do {
                let plans = Session()
                do {
                    let session = Session()
                    let x = try session.input([2])
                    let y = try session.results(session.host(4_711, doubled, tripled), [x])
                    _ = try plans.plan([x], [y[0].handle])
                }
                #expect(toldCount() == 0)
                withExtendedLifetime(plans) {}
            }
            #expect(toldCount() == 1)
        }

        @Test func `a host function that runs its own plan gets an error`() throws {
            let session = Session()
            let x = try session.input([2])
            let function: strata_host_function = { _, _, _ in
                let plan = calls.withLock { $0.plan }
                var numbers: [Float] = [0, 0]
                let status = numbers.withUnsafeMutableBytes { bytes in
                    strata_keras_run(
                        plan, [UnsafeRawPointer(bytes.baseAddress)], [8], 1, [bytes.baseAddress],
                        [8],
                        1)
                }
                calls.withLock { $0.status = status }
                return 0
            }
            let y = try session.results(session.host(1, function), [x])[0].handle
            let plan = try session.plan([x], [y])
            calls.withLock { $0.plan = plan }
            _ = try session.run(plan, [[1, 2]], outputs: [2])
            #expect(calls.withLock { $0.status } == 1)
            let other = try session.plan([x], [session.apply("negate", x)])
            calls.withLock { $0.plan = other }
            _ = try session.run(plan, [[1, 2]], outputs: [2])
            #expect(calls.withLock { $0.status } == 0)
        }
    }
}
