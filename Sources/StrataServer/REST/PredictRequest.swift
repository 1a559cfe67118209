#if Server
import NIOCore
import Strata

/// The body of a `:predict` request of TensorFlow Serving.
struct PredictRequest {
    /// How the samples are given.
    enum Form {
        /// `instances`: one element for each sample.
        case rows
        /// `inputs`: one tensor for each input.
        case columns
    }

    let form: Form
    let inputs: [InferenceTensor]

    /// - Parameter descriptions: the model's inputs, by whose types the numbers are read.
    init(
        _ body: ByteBuffer, _ descriptions: [Predictor.TensorDescription], maxDepth: Int
    ) throws(ServingError) {
        var form: Form?
        var columns = descriptions.map { PredictColumn($0) }
        try body.json(maxDepth: maxDepth) { reader throws(ServingError) in
            try reader.object("the request") { reader, name throws(ServingError) in
                switch name {
                case "instances", "inputs":
                    guard form == nil else {
                        throw reader.failure("instances and inputs exclude each other")
                    }
                    form = name == "instances" ? .rows : .columns
                    try Self.read(&reader, form: name == "instances" ? .rows : .columns, &columns)
                case "signature_name": try Self.checkSignature(try reader.string("signature_name"))
                default: try reader.skip()
                }
            }
        }
        guard let form else {
            throw ServingError(
                .invalidArgument,
                "the request has neither instances, a list of samples, nor inputs, a tensor for "
                    + "each input")
        }
        self.form = form
        inputs = try columns.filter { !$0.isEmpty }.map { column throws(ServingError) in
            try column.tensor(form)
        }
    }

    private static func checkSignature(_ name: String) throws(ServingError) {
        guard name.isEmpty || name == "serving_default" else {
            throw ServingError(
                .invalidArgument,
                "there is no signature \(quoted(name)); the only one is \"serving_default\"")
        }
    }

    private static func read(
        _ reader: inout JSONReader, form: Form, _ columns: inout [PredictColumn]
    ) throws(ServingError) {
        guard form == .rows else { return try readValues(&reader, form: form, &columns) }
        var count = 0
        try reader.array("instances") { reader throws(ServingError) in
            try readValues(&reader, form: form, &columns)
            count += 1
            for column in columns where column.count != count {
                throw reader.failure(
                    "sample \(count - 1) has no value for input \(quoted(column.name))")
            }
        }
        guard count > 0 else {
            throw reader.failure("instances has no samples; give at least one")
        }
    }

    /// Reads an object with the value of each input, or the value of the only one.
    private static func readValues(
        _ reader: inout JSONReader, form: Form, _ columns: inout [PredictColumn]
    ) throws(ServingError) {
        let isObject = try reader.start() == UInt8(ascii: "{")
        if columns.count == 1, !isObject || PredictColumn.isBase64(reader) {
            return try columns[0].read(&reader, form)
        }
        guard isObject else {
            throw reader.failure(
                "the model has several inputs; give an object with a value for each of "
                    + columns.map { quoted($0.name) }.joined(separator: ", "))
        }
        try reader.object("a sample") { reader, name throws(ServingError) in
            guard let index = columns.firstIndex(where: { $0.name == name }) else {
                throw reader.failure(
                    "there is no input \(quoted(name)); the model has "
                        + columns.map { quoted($0.name) }.joined(separator: ", "))
            }
            try columns[index].read(&reader, form)
        }
    }
}
#endif
