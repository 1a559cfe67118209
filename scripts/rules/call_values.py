"""Expressions of Swift that make values of the types of parameters, for public_calls.py.

`g` is the generator in Tests/PublicCalls/Values.swift. A type that is not listed is made by its cases or initializers.
"""

SIMPLE = {
    "Int": "g.int()", "Double": "g.double()", "Float": "Float(g.double())", "Bool": "g.bool()",
    "String": "g.string()", "UInt64": "g.word()", "UInt8": "UInt8(truncatingIfNeeded: g.word())",
    "UInt32": "UInt32(truncatingIfNeeded: g.word())", "Int32": "Int32(truncatingIfNeeded: g.int())",
    "UInt": "UInt(truncatingIfNeeded: g.word())", "Character": "g.character()",
    "Tensor": "g.tensor()", "SymbolicTensor": "g.symbolic()", "Shape": "g.shape()",
    "Model": "try g.model()", "Variable": "try g.variable()", "Verbosity": "Verbosity.silent",
    "[Int]": "g.ints()", "[Callback]": "try g.list(1, try make_Callback(g))",
    "ClosedRange<Double>": "g.closedRange()", "Range<Int>": "g.range()",
    "any TensorIndex": "g.index()", "any AxisList": "g.ints()", "some AxisList": "g.ints()",
    "some TensorScalar": "g.int()", "any RealNumber": "g.double()", "any IntegerList": "g.int()",
    "any NumberList": "g.double()", "some ShapeConvertible": "g.ints()",
    "any ShapeConvertible": "g.ints()", "any SymbolicTensors": "g.symbolic()",
    "any AxisMarginsConvertible": "g.ints()", "any SpatialMarginsConvertible": "g.ints()",
    "any LearningRateConvertible": "g.double()", "any HyperParameterConvertible": "g.int()",
    "any SymbolicTensor": "g.symbolic()", "()": "()", "Duration": "Duration.milliseconds(g.int() % 1000)",
    "Value": "g.int()", "Value.Type": "Int.self", "Element": "Float(g.double())", "Scalar": "g.int()",
    "(UnboundedRange_) -> ()": "...", "any Error": "ModelError?.none as Any as! any Error",
    "TracedFunction.Body": "{ inputs, _ in inputs }",
    "BatchedDataset.Transform": "{ batch, _ in batch }",
    "([SymbolicTensor], CallContext) throws -> SymbolicTensor": "{ inputs, _ in try g.some(inputs.first) }",
    "() throws -> [SequentialElement]": "{ Dense(g.int()); Flatten() }",
    "(HyperParameters) throws -> Model": "{ _ in try g.model() }",
    "() throws -> Result": "{ 1 }", "(Int, Float) -> Float": "{ _, rate in rate }",
    "() throws -> Void": "{}", "(Int) throws -> Void": "{ _ in }", "(Logs) throws -> Void": "{ _ in }",
    "(Int, Logs) throws -> Void": "{ _, _ in }", "any SerializableLayer.Type": "Dense.self",
    "any Loss.Type": "Huber.self", "any Metric.Type": "Precision.self", "any Optimizer.Type": "SGD.self",
    "any Actor": "nil",
    "CallContext": "try g.context()", "SearchResults": "try g.results()",
    "Trial": "try g.first(g.results().trials)", "RunRecord": "try g.run()", "FileError": "try g.fileError()",
}  # fmt: skip
# Standard types whose extensions are entries.
EXTENDED = {
    "Array": "g.ints()", "Range": "g.range()", "PartialRangeFrom": "(g.int()...)",
    "PartialRangeUpTo": "(..<g.int())", "PartialRangeThrough": "(...g.int())",
    "StrideTo": "stride(from: g.int(), to: g.int(), by: g.pick([1, -1, 3]))",
    "StrideThrough": "stride(from: g.int(), through: g.int(), by: g.pick([1, -1, 3]))",
    "Optional": "g.optional(g.int())", "ClosedRange": "g.wholeRange()",
}  # fmt: skip
# Extensions of arrays and ranges of other elements.
SPECIAL = {
    "Strata.Array.doubles": "[g.double()]", "Strata.Array.tensors": "[g.symbolic()]",
    "Strata.ClosedRange.doubles": "g.closedRange()",
}  # fmt: skip
# Functions whose usual arguments take long.
UNUSUAL = {"Strata.Shapes.load(trainCount:testCount:seed:)", "Strata.Shapes.loadData(trainCount:testCount:seed:)"}
# Classes that only the library can initialize.
ABSTRACT = {"RandomLayer", "ImageAugmentation", "MixingAugmentation", "MovingAugmentation", "MarginLayer",
            "CroppingLayer", "ZeroPaddingLayer", "UpSamplingLayer", "SpatialDropoutLayer", "SerializableLayer"}  # fmt: skip
