internal import CHDF5
internal import StrataGraph
internal import Synchronization

/// HDF5 files in memory, read and written whole; nothing here touches a disk.
///
/// A file is trusted in nothing. Links that lead out of the file or round in it are refused, and so
/// are types, filters and layouts that Keras does not write, and tensors out of all proportion to
/// the file (Keras 3.15.1 `saving_lib.safe_get_h5_dataset` refuses the same).
enum HDF5File {
    /// The root group and all that is in it.
    static func read(_ image: [UInt8]) throws(FileError) -> HDF5Group {
        try withLibrary { () throws(FileError) in
            let access = try check(H5Pcreate(strata_h5_file_access()), "cannot be read")
            defer { H5Pclose(access) }
            try check(H5Pset_fapl_core(access, 1 << 16, false), "cannot be read")
            let status = image.withUnsafeBytes { bytes in
                // The library copies the image and leaves these bytes as they are.
                H5Pset_file_image(
                    access, UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
            }
            try check(status, "cannot be read")
            let file = try check(
                H5Fopen("image", strata_h5_read_only(), access), "this is no sound HDF5 file")
            defer { H5Fclose(file) }
            let root = try check(H5Gopen2(file, "/", strata_h5_default()), "has no root group")
            defer { H5Gclose(root) }
            var reader = HDF5Reader(imageByteCount: image.count)
            return try reader.group(root, depth: 0)
        }
    }

    /// The bytes of a file with `root` as its root group, as h5py would write it for Keras; the same
    /// contents give the same bytes.
    static func image(of root: HDF5Group) throws(FileError) -> [UInt8] {
        try withLibrary { () throws(FileError) in
            let access = try check(H5Pcreate(strata_h5_file_access()), "cannot be written")
            defer { H5Pclose(access) }
            // The file grows by so many bytes at a time, and is cut to its length in the end.
            try check(H5Pset_fapl_core(access, 1 << 22, false), "cannot be written")
            let file = try check(
                H5Fcreate("image", strata_h5_truncate(), strata_h5_default(), access),
                "cannot be written")
            defer { H5Fclose(file) }
            let group = try check(H5Gopen2(file, "/", strata_h5_default()), "cannot be written")
            defer { H5Gclose(group) }
            try HDF5Writer().fill(group, with: root)
            try check(H5Fflush(file, H5F_SCOPE_LOCAL), "cannot be written")
            let count = try check(H5Fget_file_image(file, nil, 0), "cannot be written")
            var image = [UInt8](repeating: 0, count: count)
            let written = image.withUnsafeMutableBytes {
                H5Fget_file_image(file, $0.baseAddress, $0.count)
            }
            try check(written, "cannot be written")
            return image
        }
    }

    private static let lock = Mutex(())

    /// Runs `body` alone, as the library is not made for threads, and with errors returned instead
    /// of printed.
    private static func withLibrary<T: Sendable>(
        _ body: () throws(FileError) -> T
    ) throws(FileError) -> T {
        let result: Result<T, FileError> = lock.withLock { _ in
            H5open()
            var printer: H5E_auto2_t?
            var printerData: UnsafeMutableRawPointer?
            H5Eget_auto2(strata_h5_error_stack(), &printer, &printerData)
            H5Eset_auto2(strata_h5_error_stack(), nil, nil)
            defer { H5Eset_auto2(strata_h5_error_stack(), printer, printerData) }
            return Result { () throws(FileError) in try body() }
        }
        return try result.get()
    }
}

/// The library's answer, or an error with the library's words where it is negative.
@discardableResult
private func check<T: SignedInteger>(_ status: T, _ message: String) throws(FileError) -> T {
    if status >= 0 { return status }
    var reason = ""
    withUnsafeMutablePointer(to: &reason) { reason in
        _ = H5Ewalk2(
            strata_h5_error_stack(), H5E_WALK_DOWNWARD,
            { _, entry, reason in
                // The last that is visited is the innermost, and says what went wrong.
                if let text = entry?.pointee.desc {
                    reason?.assumingMemoryBound(to: String.self).pointee = String(cString: text)
                }
                return 0
            }, reason)
    }
    throw FileError(reason.isEmpty ? message : "\(message): \(reason)")
}

// MARK: Reading

private struct HDF5Reader {
    /// Bytes that tensors may still take: gzip packs at most a thousandfold, and what Keras writes
    /// is not packed at all.
    private var budget: Int
    /// The groups on the way here and those done; a second link to one would be a circle or a copy.
    private var visited: Set<haddr_t> = []

    init(imageByteCount: Int) {
        budget = imageByteCount * 100 + 1 << 28
    }

    mutating func group(_ id: hid_t, depth: Int) throws(FileError) -> HDF5Group {
        var address: haddr_t = 0
        try check(strata_h5_address(id, &address), "cannot be read")
        if !visited.insert(address).inserted {
            throw FileError("this group is linked to from two places")
        }
        if depth > 64 { throw FileError("more than 64 groups stand in each other") }
        var group = HDF5Group()
        for name in try attributeNames(of: id) {
            group.attributes[name] = try locating(in: "attribute \(name)") {
                () throws(FileError) in try text(of: name, of: id)
            }
        }
        for (name, type) in try links(of: id) {
            try locating(in: name) { () throws(FileError) in
                guard type == H5L_TYPE_HARD else {
                    throw FileError("a link to somewhere else stands here; such are refused")
                }
                let object = try check(H5Oopen(id, name, strata_h5_default()), "cannot be read")
                defer { H5Oclose(object) }
                switch H5Iget_type(object) {
                case H5I_GROUP: group.groups[name] = try self.group(object, depth: depth + 1)
                case H5I_DATASET: group.tensors[name] = try tensor(object)
                default: throw FileError("neither a group nor a dataset")
                }
            }
        }
        return group
    }

    private typealias Link = (name: String, type: H5L_type_t)

    private func links(of group: hid_t) throws(FileError) -> [Link] {
        var links: [Link?] = []
        let status = withUnsafeMutablePointer(to: &links) { links in
            strata_h5_each_link(
                group,
                { _, name, info, links in
                    var link: Link?
                    if let name, let name = String(validatingCString: name), let info {
                        link = (name, info.pointee.type)
                    }
                    links?.assumingMemoryBound(to: [Link?].self).pointee.append(link)
                    return 0
                }, links)
        }
        try check(status, "the members cannot be listed")
        let named = links.compactMap { $0 }
        if named.count < links.count { throw FileError("the name of a member is not UTF-8") }
        return named
    }

    private func attributeNames(of object: hid_t) throws(FileError) -> [String] {
        var names: [String] = []
        let status = withUnsafeMutablePointer(to: &names) { names in
            H5Aiterate2(
                object, H5_INDEX_NAME, H5_ITER_NATIVE, nil,
                { _, name, _, names in
                    if let name, let name = String(validatingCString: name) {
                        names?.assumingMemoryBound(to: [String].self).pointee.append(name)
                    }
                    return 0
                }, names)
        }
        try check(status, "the attributes cannot be listed")
        return names
    }

    /// An attribute that is one text, of fixed or of any length; nothing for others.
    private func text(of attribute: String, of object: hid_t) throws(FileError) -> String? {
        let id = try check(H5Aopen(object, attribute, strata_h5_default()), "cannot be read")
        defer { H5Aclose(id) }
        let type = try check(H5Aget_type(id), "has no type")
        defer { H5Tclose(type) }
        let space = try check(H5Aget_space(id), "has no shape")
        defer { H5Sclose(space) }
        guard H5Tget_class(type) == H5T_STRING,
            H5Sget_simple_extent_type(space) == H5S_SCALAR
        else { return nil }
        if H5Tis_variable_str(type) > 0 {
            var pointer: UnsafeMutablePointer<CChar>?
            try check(H5Aread(id, type, &pointer), "cannot be read")
            defer { H5Dvlen_reclaim(type, space, strata_h5_default(), &pointer) }
            return pointer.map { String(cString: $0) } ?? ""
        }
        let length = H5Tget_size(type)
        if length > 1 << 24 { throw FileError("this text is too long") }
        var characters = [UInt8](repeating: 0, count: length)
        try check(H5Aread(id, type, &characters), "cannot be read")
        return String(decoding: characters.prefix { $0 != 0 }, as: UTF8.self)
    }

    private mutating func tensor(_ dataset: hid_t) throws(FileError) -> Tensor {
        let type = try check(H5Dget_type(dataset), "has no type")
        defer { H5Tclose(type) }
        let elementByteCount = max(H5Tget_size(type), 4)
        try checkStorage(of: dataset, elementByteCount: elementByteCount)
        let shape = try shape(of: dataset)
        // A dimension of 0 must not hide that the others overflow.
        var byteCount = elementByteCount
        for dimension in shape where dimension != 0 {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: dimension)
            if overflow || product > budget {
                throw FileError("the shape \(shape) is too large to be true for this file")
            }
            byteCount = product
        }
        budget -= byteCount
        return try elements(of: dataset, type, shape)
    }

    private func shape(of dataset: hid_t) throws(FileError) -> [Int] {
        let space = try check(H5Dget_space(dataset), "has no shape")
        defer { H5Sclose(space) }
        if H5Sget_simple_extent_type(space) == H5S_NULL { throw FileError("has no shape") }
        let rank = try check(H5Sget_simple_extent_ndims(space), "has no shape")
        var dimensions = [hsize_t](repeating: 0, count: Int(rank))
        try check(H5Sget_simple_extent_dims(space, &dimensions, nil), "has no shape")
        return dimensions.map { Int(clamping: $0) }
    }

    /// Refuses what reaches outside of the file, and filters that may not be there to undo.
    private func checkStorage(of dataset: hid_t, elementByteCount: Int) throws(FileError) {
        let properties = try check(H5Dget_create_plist(dataset), "cannot be read")
        defer { H5Pclose(properties) }
        let layout = H5Pget_layout(properties)
        if layout == H5D_VIRTUAL { throw FileError("a virtual dataset; such are refused") }
        if H5Pget_external_count(properties) != 0 {
            throw FileError("its values stand in another file; such are refused")
        }
        if layout == H5D_CHUNKED {
            var chunk = [hsize_t](repeating: 0, count: 32)
            let rank = try check(H5Pget_chunk(properties, 32, &chunk), "cannot be read")
            let byteCount =
                chunk.prefix(Int(rank)).reduce(1.0) { $0 * Double($1) }
                * Double(elementByteCount)
            if byteCount > Double(budget) { throw FileError("its parts are too large to be true") }
        }
        let filterCount = try check(H5Pget_nfilters(properties), "cannot be read")
        for index in 0..<UInt32(filterCount) {
            var flags: UInt32 = 0
            var valueCount = 0
            var configuration: UInt32 = 0
            let filter = try check(
                H5Pget_filter2(
                    properties, index, &flags, &valueCount, nil, 0, nil, &configuration),
                "cannot be read")
            if filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE {
                throw FileError("packed with filter \(filter); only gzip and shuffle can be read")
            }
        }
    }

    private func elements(
        of dataset: hid_t, _ type: hid_t, _ shape: [Int]
    ) throws(FileError) -> Tensor {
        func read(_ dtype: DType, as memoryType: hid_t) throws(FileError) -> Tensor {
            var status: herr_t = 0
            let tensor = Tensor(shape: shape, dtype: dtype) { bytes in
                status = H5Dread(
                    dataset, memoryType, strata_h5_all(), strata_h5_all(), strata_h5_default(),
                    bytes.baseAddress)
            }
            try check(status, "cannot be read")
            return tensor
        }
        let size = H5Tget_size(type)
        switch H5Tget_class(type) {
        case H5T_FLOAT: return try read(.float32, as: strata_h5_native_float())
        case H5T_INTEGER where size == 1 && H5Tget_sign(type) == H5T_SGN_NONE:
            return try read(.uint8, as: strata_h5_native_uint8())
        case H5T_INTEGER: return try integers(of: dataset, shape)
        // h5py's bool is an enumeration of FALSE and TRUE.
        case H5T_ENUM where size == 1 && H5Tget_nmembers(type) == 2:
            return try read(.bool, as: strata_h5_native_int8())
        case H5T_OPAQUE where size == 2:
            if try text(of: "dtype", of: dataset) == "bfloat16" {
                return try read(.bfloat16, as: type)
            }
        default: break
        }
        throw FileError("neither integers, floating-point numbers nor booleans")
    }

    /// Integers of any size, if 32 bits can hold the values.
    private func integers(of dataset: hid_t, _ shape: [Int]) throws(FileError) -> Tensor {
        var wide = [Int64](repeating: 0, count: shape.reduce(1, *))
        try check(
            H5Dread(
                dataset, strata_h5_native_int64(), strata_h5_all(), strata_h5_all(),
                strata_h5_default(), &wide), "cannot be read")
        let narrow = wide.compactMap { Int32(exactly: $0) }
        if narrow.count < wide.count { throw FileError("holds integers beyond 32 bits") }
        return Tensor(narrow, shape: shape)
    }
}

// MARK: Writing

private struct HDF5Writer {
    func fill(_ id: hid_t, with group: HDF5Group) throws(FileError) {
        for (name, value) in group.attributes.sorted(by: { $0.key < $1.key }) {
            try write(value, toAttribute: name, of: id)
        }
        for (name, tensor) in group.tensors.sorted(by: { $0.key < $1.key }) {
            try locating(in: name) { () throws(FileError) in try write(tensor, to: name, in: id) }
        }
        for (name, inner) in group.groups.sorted(by: { $0.key < $1.key }) {
            try locating(in: name) { () throws(FileError) in
                let properties = try check(H5Pcreate(strata_h5_link_create()), "cannot be made")
                defer { H5Pclose(properties) }
                try check(H5Pset_char_encoding(properties, H5T_CSET_UTF8), "cannot be made")
                let child = try check(
                    H5Gcreate2(id, name, properties, strata_h5_default(), strata_h5_default()),
                    "cannot be made")
                defer { H5Gclose(child) }
                try fill(child, with: inner)
            }
        }
    }

    private func write(_ text: String, toAttribute name: String, of object: hid_t)
        throws(FileError)
    {
        let type = try check(H5Tcopy(strata_h5_c_string()), "cannot be made")
        defer { H5Tclose(type) }
        try check(H5Tset_size(type, strata_h5_variable_length()), "cannot be made")
        try check(H5Tset_cset(type, H5T_CSET_UTF8), "cannot be made")
        let space = try check(H5Screate(H5S_SCALAR), "cannot be made")
        defer { H5Sclose(space) }
        let attribute = try check(
            H5Acreate2(object, name, type, space, strata_h5_default(), strata_h5_default()),
            "attribute \(name) cannot be made")
        defer { H5Aclose(attribute) }
        let status = text.withCString { characters in
            withUnsafePointer(to: characters) { H5Awrite(attribute, type, $0) }
        }
        try check(status, "attribute \(name) cannot be written")
    }

    private func write(_ tensor: Tensor, to name: String, in group: hid_t) throws(FileError) {
        let type = try fileType(of: tensor.dtype)
        defer { H5Tclose(type) }
        let dimensions = tensor.shape.map { hsize_t($0) }
        let space = try check(
            dimensions.isEmpty
                ? H5Screate(H5S_SCALAR)
                : H5Screate_simple(Int32(dimensions.count), dimensions, nil), "cannot be made")
        defer { H5Sclose(space) }
        let properties = try check(H5Pcreate(strata_h5_dataset_create()), "cannot be made")
        defer { H5Pclose(properties) }
        // Times would make files differ that hold the same; h5py leaves them out too.
        try check(H5Pset_obj_track_times(properties, false), "cannot be made")
        let dataset = try check(
            H5Dcreate2(
                group, name, type, space, strata_h5_default(), properties, strata_h5_default()),
            "cannot be made")
        defer { H5Dclose(dataset) }
        if tensor.dtype == .bfloat16 {
            try write("bfloat16", toAttribute: "dtype", of: dataset)
        }
        let status = tensor.withUnsafeBytes { bytes in
            H5Dwrite(
                dataset, type, strata_h5_all(), strata_h5_all(), strata_h5_default(),
                bytes.baseAddress)
        }
        try check(status, "cannot be written")
    }

    /// The types that h5py gives NumPy's arrays; the caller closes it.
    private func fileType(of dtype: DType) throws(FileError) -> hid_t {
        switch dtype {
        case .float32: return try check(H5Tcopy(strata_h5_little_float32()), "cannot be made")
        case .int32: return try check(H5Tcopy(strata_h5_little_int32()), "cannot be made")
        case .uint8: return try check(H5Tcopy(strata_h5_native_uint8()), "cannot be made")
        case .bfloat16: return try check(H5Tcreate(H5T_OPAQUE, 2), "cannot be made")
        case .bool:
            let type = try check(H5Tenum_create(strata_h5_native_int8()), "cannot be made")
            for (name, value) in [("FALSE", Int8(0)), ("TRUE", 1)] {
                var value = value
                H5Tenum_insert(type, name, &value)
            }
            return type
        }
    }
}
