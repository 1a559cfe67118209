import CStrataKeras
import StrataGraph
import Testing

extension CInterfaceTests {
    /// Variables, plans and runs.
    @Suite struct PlanCallTests {
        @Test func `inputs are given in the order of the plan, whatever their names`() throws {
            let session = Session()
            let (a, b) = (try session.input([2]), try session.input([2]))
            let difference = try session.apply("subtract", a, b)
            let plan = try session.plan([b, a], [difference])
            #expect(try session.run(plan, [[1, 2], [10, 20]], outputs: [2]) == [[9, 18]])
        }

        @Test func `an input that the graph does not read is allowed`() throws {
            let session = Session()
            let (a, b) = (try session.input([2]), try session.input([3]))
            let plan = try session.plan([b, a], [session.apply("negate", a)])
            #expect(try session.run(plan, [[7, 8, 9], [1, 2]], outputs: [2]) == [[-1, -2]])
        }

        @Test func `inputs, constants and variables can be outputs, and one more than once`() throws
        {
            let session = Session()
            let x = try session.input([2])
            let c = try session.constant([Float(5)], [])
            let v = try session.variable([Float(6), 7], [2])
            let value = try session.value(of: v)
            let plan = try session.plan([x], [x, c, value, x])
            let results = try session.run(plan, [[1, 2]], outputs: [2, 1, 2, 2])
            #expect(results == [[1, 2], [5], [6, 7], [1, 2]])
        }

        @Test func `bytes of bool other than 0 become 1`() throws {
            let session = Session()
            let x = try session.input([3], strata_dtype_bool)
            let c = try session.constant([UInt8(0), 2, 255], [3], strata_dtype_bool)
            let v = try session.variable([UInt8(4), 0, 1], [3], strata_dtype_bool)
            let plan = try session.plan([x], [x, c, session.value(of: v)])
            let results = try session.run(
                plan, [[UInt8(7), 0, 1]], outputs: [3, 3, 3], of: UInt8(9))
            #expect(results == [[1, 0, 1], [0, 1, 1], [1, 0, 1]])
        }

        @Test func `numbers of every type are taken and given`() throws {
            let session = Session()
            let integers = try session.constant([Int32(-3), 1 << 30], [2], strata_dtype_int32)
            let bytes = try session.constant([UInt8(3), 250], [2], strata_dtype_uint8)
            let halves = try session.constant([UInt16(0x3F80), 0xC000], [2], strata_dtype_bfloat16)
            let plan = try session.plan(
                [],
                [integers, bytes, halves].map {
                    try session.apply("cast", $0, attributes: ["dtype": .dtype(.float32)])
                })
            let results = try session.run(plan, [], outputs: [2, 2, 2])
            #expect(results == [[-3, 1_073_741_824], [3, 250], [1, -2]])
        }

        @Test func `a step computes with the old values and leaves the new ones`() throws {
            let session = Session()
            let v = try session.variable([Float(1), 2], [2])
            let count = try session.variable([Int32(5)], [], strata_dtype_int32)
            let (old, number) = (try session.value(of: v), try session.value(of: count))
            let x = try session.input([2])
            let one = try session.constant([Int32(1)], [], strata_dtype_int32)
            let plan = try session.plan(
                [x], [old],
                updates: [
                    (v, session.apply("add", old, x)), (count, session.apply("add", number, one)),
                ])
            #expect(try session.run(plan, [[10, 20]], outputs: [2]) == [[1, 2]])
            #expect(try session.run(plan, [[10, 20]], outputs: [2]) == [[11, 22]])
            #expect(try session.read(v, 2, of: Float(0)) == [21, 42])
            #expect(try session.read(count, 1, of: Int32(0)) == [7])
            try succeed(strata_keras_write_variable(v, [Float(0), -1], 8))
            #expect(try session.run(plan, [[1, 1]], outputs: [2]) == [[0, -1]])
        }

        @Test func `two plans train and read one variable`() throws {
            let session = Session()
            let weights = (0..<64 * 32).map { Float($0 % 7) }
            let v = try session.variable(weights, [64, 32])
            let w = try session.value(of: v)
            let x = try session.input([16, 64])
            let y = try session.apply("innerProduct", x, w)
            let gradient = try session.gradients(session.sum(y), [w])[0]
            let train = try session.plan(
                [x], [], updates: [(v, session.apply("subtract", w, gradient))])
            let test = try session.plan([x], [y])
            let ones = [Float](repeating: 1, count: 16 * 64)
            let before = try session.run(test, [ones], outputs: [16 * 32])[0]
            _ = try session.run(train, [ones], outputs: [])
            #expect(try session.read(v, weights.count, of: Float(0)) == weights.map { $0 - 16 })
            let after = try session.run(test, [ones], outputs: [16 * 32])[0]
            #expect(after == before.map { $0 - 16 * 64 })
        }

        @Test func `a plan prints its steps, their time and its size`() throws {
            let session = Session()
            let x = try session.input([64, 32])
            let weights = try session.constant([Float](repeating: 1, count: 32 * 8), [32, 8])
            let plan = try session.plan([x], [session.apply("innerProduct", x, weights)])
            let text = try written { strata_keras_plan_text(plan, $0, $1, $2) }
            #expect(text.contains("innerProduct(input(x#"))
            let profile = try written { strata_keras_profile_text(plan, 0.001, $0, $1, $2) }
            #expect(profile.contains("GFLOP/s"))
            var size: Int64 = 0
            try succeed(strata_keras_plan_size(plan, &size))
            #expect(size >= (64 * 32 + 32 * 8 + 64 * 8) * 4)
        }

        @Test func `values without elements pass`() throws {
            let session = Session()
            let x = try session.input([0, 3])
            let plan = try session.plan([x], [session.apply("negate", x), session.sum(x)])
            #expect(try session.run(plan, [[]], outputs: [0, 1]) == [[], [0]])
        }

        @Test func `the number of threads is what was set`() throws {
            var before: Int64 = 0
            try succeed(strata_keras_thread_count(&before))
            defer { _ = strata_keras_set_thread_count(before) }
            try succeed(strata_keras_set_thread_count(1))
            var count: Int64 = 0
            try succeed(strata_keras_thread_count(&count))
            #expect(count == 1)
            var answer: Int32 = -1
            try succeed(strata_keras_computes_bfloat16(&answer))
            #expect((0...1).contains(answer))
        }

        @Test func `threads that run one plan take turns`() async throws {
            let session = Session()
            let v = try session.variable([Float(0)], [])
            let old = try session.value(of: v)
            let one = try session.constant([Float(1)], [])
            let plan = try session.plan([], [], updates: [(v, session.apply("add", old, one))])
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<250 {
                            #expect(strata_keras_run(plan, nil, nil, 0, nil, nil, 0) == 0)
                        }
                    }
                }
            }
            #expect(try session.read(v, 1, of: Float(0)) == [1000])
        }

        @Test func `each thread has its own message`() async throws {
            await withTaskGroup(of: Void.self) { group in
                for number in 1...4 {
                    group.addTask {
                        for _ in 0..<100 {
                            #expect(strata_keras_set_thread_count(Int64(-number)) == 1)
                            let message = String(cString: strata_keras_error())
                            #expect(message.hasPrefix("-\(number) threads"))
                        }
                    }
                }
            }
        }
    }
}
