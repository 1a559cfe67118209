internal import StrataGraph

/// A NumPy array from a `.npy` file.
struct NPYArray {
    let tensor: Tensor

    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - file: the file's name in errors.
    init(_ bytes: [UInt8], file: String) throws(DataError) {
        func failure(_ problem: String, fix: String = "write it again with numpy.save") -> DataError
        {
            .corruptFile(file: file, problem: problem, fix: fix)
        }
        guard FileKind.isNumPyArray(bytes) else {
            let (found, cure) = FileKind(bytes, path: file).instead(of: .array)
            throw failure(found, fix: cure)
        }
        guard let header = NPYHeader(bytes) else {
            throw failure("its header is truncated, or of a version above 3")
        }
        guard let name = header.elementName else { throw failure("its header names no dtype") }
        guard let element = NumberFormat(numPy: name) else {
            throw failure(
                "its dtype is \(name) (\(Self.kind(name))), and only plain numbers are read",
                fix: Self.cure(name))
        }
        guard let isInCOrder = header.isInCOrder else { throw failure("its header names no order") }
        guard let shape = header.shape, shape.allSatisfy({ $0 >= 0 }) else {
            throw failure("its shape makes no sense")
        }
        var count = 1
        for size in shape {
            let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
            if isTooLarge { throw failure("its shape makes no sense") }
            count = product
        }
        var data = Array(bytes[header.end...])
        guard data.count / element.byteCount == count, data.count % element.byteCount == 0 else {
            throw failure(
                "\(data.count) bytes follow, where the shape \(shape) has \(count) numbers of "
                    + "\(element.byteCount) bytes")
        }
        if !isInCOrder { data = Self.inCOrder(data, shape, element.byteCount) }
        // Any byte other than 0 is `true`.
        if element == .bool { data = data.map { $0 == 0 ? 0 : 1 } }
        do throws(FileError) {
            tensor = try element.exactTensor(data, shape: shape)
        } catch {
            throw failure(error.message, fix: error.fix ?? "write it as float32")
        }
    }

    /// The elements of an array in Fortran order, converted to C order.
    private static func inCOrder(_ data: [UInt8], _ shape: [Int], _ size: Int) -> [UInt8] {
        guard shape.count > 1, !data.isEmpty else { return data }
        let strides = rowMajorStrides(shape.reversed()).reversed().map { $0 * size }
        var index = shape.map { _ in 0 }
        var source = 0
        return [UInt8](unsafeUninitializedCapacity: data.count) { target, filled in
            while filled < data.count {
                for byte in 0..<size {
                    target.initializeElement(at: filled + byte, to: data[source + byte])
                }
                filled += size
                var axis = shape.count - 1
                while axis >= 0 {
                    index[axis] += 1
                    source += strides[axis]
                    if index[axis] < shape[axis] { break }
                    source -= strides[axis] * shape[axis]
                    index[axis] = 0
                    axis -= 1
                }
            }
        }
    }

    /// The description of an unsupported dtype.
    private static func kind(_ name: String) -> String {
        if name.hasPrefix("[") { return "fields with names" }
        switch name.drop(while: { "<>|=".contains($0) }).first {
        case "O": return "Python objects"
        case "U", "S", "a": return "texts"
        case "c": return "complex numbers"
        case "M", "m": return "times"
        case "V": return "raw bytes, such as bfloat16"
        case "f": return "floating-point numbers of that size"
        default: return "an unknown type"
        }
    }

    private static func cure(_ name: String) -> String {
        if name.hasPrefix("[") {
            return "save each field for itself: numpy.save(path, x[\"name\"])"
        }
        switch name.drop(while: { "<>|=".contains($0) }).first {
        case "c": return "save x.real and x.imag"
        case "U", "S", "a":
            return "save the numbers of the classes: numpy.unique(x, return_inverse=True)[1]"
        default: return "save x.astype(\"float32\")"
        }
    }
}

extension NumberFormat {
    /// The number format of a dtype, such as `<f4`; `nil` if it is not numeric.
    init?(numPy name: String) {
        var rest = name[...]
        let order = rest.first.map { "<>|=".contains($0) } == true ? rest.removeFirst() : "="
        let isBigEndian = order == ">"
        guard let kind = rest.popFirst(), let byteCount = Int(rest) else { return nil }
        switch (kind, byteCount) {
        case ("b", 1): self = .bool
        case ("f", 2), ("f", 4), ("f", 8):
            self = .floatingPoint(byteCount: byteCount, isBrain: false, isBigEndian: isBigEndian)
        case ("i", 1), ("i", 2), ("i", 4), ("i", 8), ("u", 1), ("u", 2), ("u", 4), ("u", 8):
            self = .integer(
                byteCount: byteCount, isSigned: kind == "i", isBigEndian: isBigEndian)
        default: return nil
        }
    }
}
