/// The supported types of a dataset's elements or an attribute (section IV.A.2.d).
enum HDF5Datatype: Equatable {
    case number(NumberFormat)
    case opaque(byteCount: Int)
    case text(byteCount: Int)
    /// A variable-length string, stored elsewhere in the file.
    case variableText
    case other(byteCount: Int)

    init(_ cursor: inout ByteCursor) throws(FileError) {
        let head = try cursor.unsigned(1)
        let bits = try cursor.unsigned(3)
        let byteCount = try cursor.integer(4)
        let isBigEndian = bits & 1 != 0
        self = .other(byteCount: byteCount)
        switch head & 0x0F {
        case 0:
            let offset = try cursor.integer(2)
            let precision = try cursor.integer(2)
            if offset == 0, precision == 8 * byteCount, [1, 2, 4, 8].contains(byteCount) {
                self = .number(
                    .integer(
                        byteCount: byteCount, isSigned: bits & 8 != 0, isBigEndian: isBigEndian))
            }
        case 1:
            // Offset and precision, then where exponent and mantissa are: IEEE 754's are known by
            // the exponent's length alone.
            let offset = try cursor.integer(2)
            let precision = try cursor.integer(2)
            try cursor.skip(1)
            let exponentLength = try cursor.integer(1)
            let isWhole = offset == 0 && precision == 8 * byteCount && bits & 0x40 == 0
            switch (byteCount, exponentLength) {
            case (2, 5), (4, 8), (8, 11), (2, 8):
                guard isWhole else { break }
                self = .number(
                    .floatingPoint(
                        byteCount: byteCount, isBrain: byteCount == 2 && exponentLength == 8,
                        isBigEndian: isBigEndian))
            default: break
            }
        case 3: self = .text(byteCount: byteCount)
        case 5: self = .opaque(byteCount: byteCount)
        // h5py's bool: an enumeration of two in one byte.
        case 8: if byteCount == 1 && bits & 0xFFFF == 2 { self = .number(.bool) }
        case 9: if bits & 0x0F == 1 { self = .variableText }
        default: break
        }
    }

    var byteCount: Int {
        switch self {
        case .number(let format): format.byteCount
        case .opaque(let byteCount), .text(let byteCount), .other(let byteCount): byteCount
        case .variableText: 16
        }
    }
}
