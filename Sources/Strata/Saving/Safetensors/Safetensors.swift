public import StrataGraph

/// Tensors by name in one file, in the safetensors format.
///
/// ```swift
/// try Safetensors(["kernel": x]).write(to: "weights.safetensors")
/// let kernel = try Safetensors(contentsOf: "weights.safetensors").tensors["kernel"]
/// ```
///
/// Reading turns `F16` and `F64` into `float32`, and integers of other sizes into `int32` if that can
/// hold them. Source: github.com/huggingface/safetensors, README, section "Format".
public struct Safetensors: Sendable, Hashable {
    public var tensors: [String: Tensor]
    /// The metadata.
    public var metadata: [String: String]

    public init(_ tensors: [String: Tensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// Reads a file.
    ///
    /// - Throws: a ``FileError`` if the file is unreadable or damaged, or has an unsupported type.
    public init(contentsOf path: String) throws(FileError) {
        self = try locating(path: path) { () throws(FileError) in
            let bytes = try FileContents.read(path)
            let kind = FileKind(bytes, path: path)
            switch kind {
            // A damaged file may look like text or unknown.
            case .safetensors, .text, .json, .unknown: return try Safetensors(bytes: bytes)
            case .empty, .keras, .hdf5, .numPyArray, .numPyArrays, .onnx, .torch, .liteModel,
                .picture, .compressed, .pdf, .otherArchive:
                throw kind.error(insteadOf: .tensors)
            }
        }
    }

    /// Writes a file; an existing one is replaced atomically.
    public func write(to path: String) throws(FileError) {
        try FileContents.write(bytes, to: path)
    }

    private static let metadataKey = "__metadata__"

    init(bytes: [UInt8]) throws(FileError) {
        var cursor = try ByteCursor(bytes, at: 0)
        let length = try cursor.integer(8)
        let header = try locating(in: "header") { () throws(FileError) in
            try JSONValue(inFile: Array(try cursor.take(length)))
        }
        guard case .object(let members) = header else {
            throw FileError("the header should be an object")
        }
        self.init([:])
        let data = cursor
        var claimed: [Range<Int>] = []
        for (name, description) in members.sorted(by: { $0.key < $1.key }) {
            try locating(in: name) { () throws(FileError) in
                if name == Self.metadataKey {
                    metadata = try Self.texts(description)
                } else {
                    let member = try Member(description)
                    claimed.append(member.range)
                    tensors[name] = try member.tensor(in: data)
                }
            }
        }
        // The format has neither gaps nor overlaps, so a file has no hidden contents.
        var end = 0
        for range in claimed.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound != end {
                throw FileError(
                    "a tensor begins here, but should at \(end)",
                    location: ["byte \(range.lowerBound)"])
            }
            end = range.upperBound
        }
        if end != data.remaining {
            throw FileError("the tensors take \(end) bytes, but \(data.remaining) are here")
        }
    }

    private static func texts(_ value: JSONValue) throws(FileError) -> [String: String] {
        guard case .object(let members) = value else {
            throw FileError("should be an object of texts")
        }
        var texts: [String: String] = [:]
        for (key, value) in members {
            guard case .string(let text) = value else {
                throw FileError("should be a text", location: [key])
            }
            texts[key] = text
        }
        return texts
    }

    var bytes: [UInt8] {
        // Larger elements first keep all aligned.
        let ordered = tensors.sorted {
            ($1.value.dtype.byteCount, $0.key) < ($0.value.dtype.byteCount, $1.key)
        }
        var header: [String: JSONValue] = [:]
        if !metadata.isEmpty {
            header[Self.metadataKey] = .object(metadata.mapValues { .string($0) })
        }
        var offset = 0
        for (name, tensor) in ordered {
            header[name] = [
                "dtype": .string(Member.name(of: tensor.dtype)),
                "shape": .array(tensor.shape.map { .integer($0) }),
                "data_offsets": [.integer(offset), .integer(offset + tensor.byteCount)],
            ]
            offset += tensor.byteCount
        }
        var text = Array(JSONValue.object(header).text.utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        var bytes = ByteBuilder()
        bytes.append(text.count)
        bytes.append(text)
        var result = bytes.bytes
        result.reserveCapacity(result.count + offset)
        for (_, tensor) in ordered {
            tensor.withUnsafeBytes { result.append(contentsOf: $0) }
        }
        return result
    }
}

extension Safetensors {
    /// The header entry of one tensor.
    private struct Member {
        let dtype: String
        let shape: [Int]
        let range: Range<Int>

        init(_ description: JSONValue) throws(FileError) {
            guard case .string(let dtype)? = description["dtype"],
                let shape = Self.sizes(description["shape"]),
                let offsets = Self.sizes(description["data_offsets"]), offsets.count == 2,
                offsets[0] <= offsets[1]
            else { throw FileError("should have a dtype, a shape and data_offsets") }
            self.dtype = dtype
            self.shape = shape
            range = offsets[0]..<offsets[1]
        }

        private static func sizes(_ value: JSONValue?) -> [Int]? {
            guard case .array(let items)? = value else { return nil }
            let sizes = items.compactMap { item -> Int? in
                if case .integer(let size) = item, size >= 0 { size } else { nil }
            }
            return sizes.count == items.count ? sizes : nil
        }

        func tensor(in data: ByteCursor) throws(FileError) -> Tensor {
            let type = try elementType()
            var byteCount = type.byteCount
            for dimension in shape {
                let (product, overflow) = byteCount.multipliedReportingOverflow(by: dimension)
                if overflow { throw FileError("the shape \(shape) is too large to be true") }
                byteCount = product
            }
            guard byteCount == range.count else {
                throw FileError(
                    "\(dtype) of shape \(shape) takes \(byteCount) bytes, but has \(range.count)")
            }
            var data = data
            try data.skip(range.lowerBound)
            let bytes = Array(try data.take(byteCount))
            return try type.tensor(bytes, shape: shape)
        }

        private func elementType() throws(FileError) -> NumberFormat {
            switch dtype {
            case "F64": .floatingPoint(byteCount: 8, isBrain: false, isBigEndian: false)
            case "F32": .floatingPoint(byteCount: 4, isBrain: false, isBigEndian: false)
            case "F16": .floatingPoint(byteCount: 2, isBrain: false, isBigEndian: false)
            case "BF16": .floatingPoint(byteCount: 2, isBrain: true, isBigEndian: false)
            case "I64": .integer(byteCount: 8, isSigned: true, isBigEndian: false)
            case "I32": .integer(byteCount: 4, isSigned: true, isBigEndian: false)
            case "I16": .integer(byteCount: 2, isSigned: true, isBigEndian: false)
            case "I8": .integer(byteCount: 1, isSigned: true, isBigEndian: false)
            case "U64": .integer(byteCount: 8, isSigned: false, isBigEndian: false)
            case "U32": .integer(byteCount: 4, isSigned: false, isBigEndian: false)
            case "U16": .integer(byteCount: 2, isSigned: false, isBigEndian: false)
            case "U8": .integer(byteCount: 1, isSigned: false, isBigEndian: false)
            case "BOOL": .bool
            default: throw FileError("elements of type \(dtype) cannot be read")
            }
        }

        static func name(of dtype: DType) -> String {
            switch dtype {
            case .float32: "F32"
            case .bfloat16: "BF16"
            case .int32: "I32"
            case .uint8: "U8"
            case .bool: "BOOL"
            }
        }
    }
}
