import CStrataKeras
import StrataGraph
import Testing

extension CInterfaceTests {
    /// Symbols, operations and gradients.
    @Suite struct GraphCallTests {
        @Test func `an operation gives symbols with their types`() throws {
            let session = Session()
            let x = try session.input([2, 3, 4, 5])
            let vector = try session.constant([Float](repeating: 1, count: 5), [5])
            let normalization = try session.operation(
                "batchNormalization", ["epsilon": .float(0.001)])
            let results = try session.results(normalization, [x, vector, vector])
            #expect(results.map(\.type.dimensions) == [[2, 3, 4, 5], [5], [5]])
            var own = strata_type()
            try succeed(strata_keras_symbol_type(results[1].handle, &own))
            #expect(own.dimensions == [5])
            #expect(own.dtype == 0)
        }

        @Test func `attributes of every kind are taken`() throws {
            let session = Session()
            let x = try session.input([2, 3])
            let cast = try session.apply("cast", x, attributes: ["dtype": .dtype(.int32)])
            let padded = try session.apply(
                "pad", x,
                attributes: [
                    "paddingBefore": .ints([1, 0]), "paddingAfter": .ints([0, 0]),
                    "value": .float(-1),
                ])
            let total = try session.apply(
                "reduction", padded,
                attributes: [
                    "kind": .string("maximum"), "axes": .ints([0]), "keepdims": .bool(true),
                ])
            let summed = try session.apply("cumulativeSum", x, attributes: ["axis": .int(1)])
            var type = strata_type()
            try succeed(strata_keras_symbol_type(cast, &type))
            #expect(type.dtype == Int32(strata_dtype_int32.rawValue))
            let plan = try session.plan([x], [total, summed])
            let results = try session.run(plan, [[-4, -5, -6, -7, 8, 9]], outputs: [3, 6])
            #expect(results == [[-1, 8, 9], [-4, -9, -15, -7, 1, 10]])
        }

        @Test func `a list of integers is a shape`() throws {
            let session = Session()
            let x = try session.input([2, 3])
            let rows = try session.apply("reshape", x, attributes: ["shape": .ints([3, -1])])
            var type = strata_type()
            try succeed(strata_keras_symbol_type(rows, &type))
            #expect(type.dimensions == [3, 2])
        }

        @Test func `gradients are those of the values, and zeros for the others`() throws {
            let session = Session()
            let (x, y) = (try session.input([3], name: "x"), try session.input([2], name: "y"))
            let loss = try session.sum(session.apply("square", x))
            let gradients = try session.gradients(loss, [x, y])
            let plan = try session.plan([x, y], gradients)
            let results = try session.run(plan, [[1, 2, 3], [4, 5]], outputs: [3, 2])
            #expect(results == [[2, 4, 6], [0, 0]])
        }

        @Test func `the names are those of operations that can be called`() throws {
            let names = try written { strata_keras_operation_names($0, $1, $2) }
                .split(separator: "\n").map(String.init)
            #expect(names.contains("convolution"))
            #expect(!names.contains("constant"))
            #expect(names == names.sorted())
        }

        @Test func `a text that does not fit is cut, and its length told`() throws {
            var length: Int64 = 0
            var bytes = [CChar](repeating: 1, count: 8)
            try succeed(strata_keras_operation_names(&bytes, 5, &length))
            #expect(length > 100)
            #expect(bytes == [97, 98, 115, 111, 0, 1, 1, 1])
        }

        @Test(arguments: [0, 1, 5, 12])
        func `types of up to twelve axes pass`(rank: Int) throws {
            let session = Session()
            let x = try session.input(Array(repeating: 1, count: rank))
            let plan = try session.plan([x], [session.apply("negate", x)])
            #expect(try session.run(plan, [[3]], outputs: [1]) == [[-3]])
        }
    }
}
