import StrataTestSupport
import Testing

@testable import StrataGraph

/// Operations by name and attributes.
@Suite struct AttributeTests {
    @Test(arguments: OperationCases.all)
    func `an operation is the same when it is made by its name and attributes`(
        item: OperationCase
    ) throws {
        let trace = item.traced()
        for node in try Graph(outputs: trace.outputs + trace.gradients).nodes {
            let operation = node.operation
            let same = try Operation(name: operation.name, attributes: operation.attributes)
            #expect(same == operation)
        }
    }

    private static let rare: [Operation] = [
        .input(name: "x"), .variable(Variable("kernel", value: Tensor([1, 2]))),
        .constant(Tensor([1, 2, 3])),
        .batchNormalization(
            BatchNormalization(epsilon: 0.5, usesGivenStatistics: false, fusesReLU: true)),
        .batchNormalizationBackward(
            BatchNormalizationBackward(epsilon: 0.5, fusesReLU: true, masksBySource: true)),
        .dropout(Dropout(rate: 0.25, key: .max)),
        .dropout(Dropout(rate: 0.25, key: 1, rowElementCount: 0)),
        .reshape(Reshape(shape: [nil, -1])),
        .pooling(Pooling(kind: .average, window: nil)),
        .pad(Pad(before: [1], after: [0], value: -.infinity)),
    ]

    @Test(arguments: rare)
    func `so are leaves and what the table has not`(operation: Operation) throws {
        #expect(
            try Operation(name: operation.name, attributes: operation.attributes) == operation)
    }

    @Test func `attributes that are not given have their default`() throws {
        let window = Window(size: [3, 2], strides: [1, 1], dilations: [1, 1], padding: .valid)
        #expect(
            try Operation(name: "convolution", attributes: ["kernelSize": .ints([3, 2])])
                == .convolution(Convolution(window: window, groups: 1)))
        #expect(
            try Operation(name: "pooling", attributes: ["kind": .string("maximum")])
                == .pooling(Pooling(kind: .maximum, window: nil)))
        #expect(
            try Operation(
                name: "reduction", attributes: ["kind": .string("sum"), "axes": .ints([1])])
                == .reduction(Reduction(kind: .sum, axes: [1], keepDimensions: false)))
    }

    @Test func `explicit padding is a list before and a list after the axes`() throws {
        let operation = try Operation(
            name: "convolution",
            attributes: [
                "kernelSize": .ints([3, 3]), "paddingBefore": .ints([1, 0]),
                "paddingAfter": .ints([0, 2]),
            ])
        let image = TensorType([2, 5, 5, 1]), kernel = TensorType([3, 3, 1, 4])
        // 5 + 1 + 0 − 3 + 1 = 4, and 5 + 0 + 2 − 3 + 1 = 5.
        #expect(try operation.outputTypes([image, kernel]) == [TensorType([2, 4, 5, 4])])
    }

    @Test func `integers stand for numbers, and lists for shapes`() throws {
        #expect(
            try Operation(name: "reshape", attributes: ["shape": .ints([2, -1])])
                == .reshape(Reshape(shape: [2, -1])))
        #expect(
            try Operation(name: "dropout", attributes: ["rate": .int(0), "key": .int(-1)])
                == .dropout(Dropout(rate: 0, key: .max)))
    }

    private static let refused: [(String, [String: AttributeValue], String)] = [
        (
            "softmaxx", [:],
            "there is no operation softmaxx\n  fix: use one of "
                + Operation.names.joined(separator: ", ")
        ),
        (
            "softmax", ["axis": .int(1), "aksis": .int(1)],
            "softmax has no attribute aksis\n  fix: use those that there are: axis"
        ),
        (
            "add", ["axis": .int(1)],
            "add has no attribute axis\n  fix: leave it out: there are no attributes"
        ),
        (
            "cast", [:],
            "cast needs the attribute dtype\n"
                + "  fix: use one of float32, bfloat16, int32, uint8, bool"
        ),
        (
            "softmax", ["axis": .float(1)],
            "attribute axis of softmax is 1.0\n  fix: use an integer from 0 to 2⁴⁶"
        ),
        (
            "argMax", ["axis": .int(-1)],
            "attribute axis of argMax is -1\n  fix: use an integer from 0 to 2⁴⁶"
        ),
        (
            "reduction", ["kind": .string("median"), "axes": .ints([0])],
            "attribute kind of reduction is \"median\"\n"
                + "  fix: use one of \"sum\", \"mean\", \"maximum\", \"minimum\", \"product\""
        ),
        (
            "reduction", ["kind": .string("sum"), "axes": .ints([1, 0])],
            "attribute axes of reduction is [1, 0]\n"
                + "  fix: use a list of one or more axes, from 0 on and in rising order"
        ),
        (
            "dropout", ["rate": .float(1), "key": .int(1)],
            "attribute rate of dropout is 1.0\n  fix: use a number from 0.0 to below 1.0"
        ),
        (
            "convolution", ["kernelSize": .ints([3]), "groups": .int(0)],
            "attribute groups of convolution is 0\n  fix: use an integer from 1 to 2⁴⁶"
        ),
        (
            "dropout", ["rate": .float(0), "key": .int(1), "rowElementCount": .int(-1)],
            "attribute rowElementCount of dropout is -1\n  fix: use an integer from 0 to 2⁴⁶"
        ),
        (
            "pad",
            ["paddingBefore": .ints([0]), "paddingAfter": .ints([0]), "value": .float(1e300)],
            "attribute value of pad is 1e+300\n  fix: use a number that float32 can hold"
        ),
    ]

    @Test(arguments: refused)
    func `the error names the operation, the attribute, what came and what is allowed`(
        name: String, attributes: [String: AttributeValue], text: String
    ) {
        let error = #expect(throws: GraphError.self) {
            try Operation(name: name, attributes: attributes)
        }
        #expect(error?.description == text)
    }

    private static let uncallable: [(Operation, [TensorType], String)] = [
        (
            .convolution(
                Convolution(window: Window(size: [3, 3], strides: [1], padding: .valid))),
            [TensorType([1, 5, 5, 1]), TensorType([3, 3, 1, 2])],
            "a window of [3, 3] came with [1] for its axes"
        ),
        (
            .convolution(
                Convolution(window: Window(size: [2, 2], strides: [1, 1], padding: .valid))),
            [TensorType([1, 5, 5, 1]), TensorType([3, 3, 1, 2])],
            "an input of shape [3, 3, 1, 2] was given, but [2, 2, channels, filters] is needed"
        ),
        (
            .oneHot(OneHot(depth: 3)), [TensorType([2])], "indices are float32"
        ),
        (
            .binary(.add), [TensorType([2])],
            "add was called with 1 inputs, where 2 to 2 are needed"
        ),
        (
            .randomUniform(RandomUniform(shape: [], key: 1)),
            [TensorType([], .int32), TensorType([], .int32)],
            "an input of shape [] was given, but an axis of rows is needed"
        ),
        (
            .dropout(Dropout(rate: 0.5, key: 1)),
            [TensorType([2]), TensorType([], .int32), TensorType([])], "first rows are float32"
        ),
        (
            .concatenate(Concatenate(axis: 0)), [TensorType([2]), TensorType([2], .int32)],
            "tensors to join are int32"
        ),
    ]

    @Test(arguments: uncallable)
    func `a call with inputs that do not fit is an error`(
        operation: Operation, inputs: [TensorType], sentence: String
    ) {
        let tensors = inputs.map { SymbolicTensor.input("x", $0.shape, dtype: $0.dtype) }
        let results = SymbolicTensor.applying(operation, tensors)
        #expect(results.count == operation.outputCount)
        #expect(results[0].error?.problem.sentence == sentence)
    }
}
