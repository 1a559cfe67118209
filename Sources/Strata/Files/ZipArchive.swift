internal import CZip

/// A zip archive in memory, with its directory.
///
/// An archive is not trusted: its size, its members' sizes and their number are checked before
/// memory is allocated, and the members' checksums when they are read.
struct ZipArchive: Sendable {
    struct Entry: Sendable, Hashable {
        var name: String
        /// The uncompressed size according to the directory.
        var byteCount: Int
        fileprivate var index: UInt64
    }

    struct Limits {
        /// The maximum number of members; a `.keras` file has three, and one more for each asset.
        var entryCount = 10_000
        /// Members up to this size may have any compression ratio.
        var unsuspiciousByteCount = 1 << 25
        /// The largest compression ratio of larger members.
        ///
        /// Keras itself writes a ratio of 1. It reads up to 100 (3.15.1,
        /// `saving_lib._reject_zip_bomb`), but 1 GB out of 10 MB is not a model: deflate compresses
        /// trained weights by a tenth, and a state with two thirds of zeros threefold.
        var expansion = 10
    }

    let entries: [Entry]
    private let bytes: [UInt8]

    init(_ bytes: [UInt8], limits: Limits = Limits()) throws(FileError) {
        let end = try Self.checkEnds(bytes)
        try Self.checkNames(bytes, end, limits)
        self.bytes = bytes
        let size = UInt64(bytes.count)
        entries = try Self.opened(bytes) { archive throws(FileError) in
            try Self.directory(archive, size, limits)
        }
    }

    func contains(_ name: String) -> Bool { entries.contains { $0.name == name } }

    /// The bytes of a member, with its checksum verified.
    func read(_ name: String) throws(FileError) -> [UInt8] {
        guard let entry = entries.first(where: { $0.name == name }) else {
            let names = entries.map(\.name).joined(separator: ", ")
            throw FileError("the archive has no such member, only: \(names)", location: [name])
        }
        return try locating(in: name) { () throws(FileError) in
            try Self.opened(bytes) { archive throws(FileError) in
                try Self.contents(of: entry, in: archive)
            }
        }
    }

    private static func contents(
        of entry: Entry, in archive: OpaquePointer
    ) throws(FileError) -> [UInt8] {
        guard let file = zip_fopen_index(archive, entry.index, 0) else {
            throw failure(zip_get_error(archive).pointee)
        }
        defer { zip_fclose(file) }
        var contents = [UInt8](repeating: 0, count: entry.byteCount)
        var count = 0
        while count < contents.count {
            let received = contents.withUnsafeMutableBytes { buffer in
                zip_fread(
                    file, buffer.baseAddress.map { $0 + count }, UInt64(buffer.count - count))
            }
            if received < 0 { throw failure(zip_file_get_error(file).pointee) }
            if received == 0 {
                throw FileError("\(entry.byteCount) bytes are expected, but there are \(count)")
            }
            count += Int(received)
        }
        // The checksum is compared only at the end.
        var extra: UInt8 = 0
        let received = zip_fread(file, &extra, 1)
        if received < 0 { throw failure(zip_file_get_error(file).pointee) }
        if received > 0 { throw FileError("more than \(entry.byteCount) bytes are here") }
        return contents
    }

    private static func opened<T>(
        _ bytes: [UInt8], _ body: (OpaquePointer) throws(FileError) -> T
    ) throws(FileError) -> T {
        prepareLibrary
        let result: Result<T, FileError> = bytes.withUnsafeBytes { buffer in
            var error = zip_error_t()
            zip_error_init(&error)
            defer { zip_error_fini(&error) }
            guard
                let source = zip_source_buffer_create(
                    buffer.baseAddress, UInt64(buffer.count), 0, &error)
            else { return .failure(failure(error)) }
            guard
                let archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error)
            else {
                zip_source_free(source)
                return .failure(failure(error))
            }
            defer { zip_discard(archive) }
            return Result { () throws(FileError) in try body(archive) }
        }
        return try result.get()
    }

    /// Opens an archive for the first time, in one thread.
    ///
    /// `zip_open_from_source` of libzip 1.7.3 fills two variables then, without a lock: a thread that
    /// comes between them takes its archive for one that cannot be written.
    private static let prepareLibrary: Void = {
        guard let source = zip_source_buffer_create(nil, 0, 0, nil) else { return }
        guard let archive = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, nil) else {
            zip_source_free(source)
            return
        }
        zip_discard(archive)
    }()

    private static func failure(_ error: zip_error_t) -> FileError {
        var error = error
        let text = zip_error_strerror(&error).map { String(cString: $0) } ?? "unknown error"
        return FileError("the archive is damaged: \(text)")
    }
}

// MARK: Checks

extension ZipArchive {
    /// The signature of every archive.
    static let signature: [UInt8] = [0x50, 0x4B]

    private static let endSignature: [UInt8] = [0x50, 0x4B, 0x05, 0x06]

    /// Finds the end record and checks that nothing follows it (APPNOTE.TXT 6.3.10, section
    /// 4.3.16): libzip would accept an archive anywhere in the file.
    ///
    /// - Returns: the offset of the record.
    private static func checkEnds(_ bytes: [UInt8]) throws(FileError) -> Int {
        let recordLength = 22
        let longestComment = 0xFFFF
        if !bytes.starts(with: signature) {
            throw FileError("this is no zip archive: it does not begin as one")
        }
        let earliest = max(0, bytes.count - recordLength - longestComment)
        let latest = bytes.count - recordLength
        var start = latest
        while start >= earliest, !bytes[start...].starts(with: endSignature) { start -= 1 }
        guard start >= earliest else {
            throw FileError(
                "the archive has no end: it is cut off, or more than \(longestComment) bytes of "
                    + "something else follow it",
                location: ["byte \(bytes.count)"], fix: "copy or save the file again")
        }
        let comment = Int(bytes[start + 20]) | Int(bytes[start + 21]) << 8
        let end = start + recordLength + comment
        if end > bytes.count {
            throw FileError(
                "the archive should have \(end) bytes, but is cut off",
                location: ["byte \(bytes.count)"], fix: "copy or save the file again")
        }
        if end < bytes.count {
            throw FileError(
                "the archive ends here, but \(bytes.count - end) more bytes follow",
                location: ["byte \(end)"], fix: "cut them off, or save the file again")
        }
        return start
    }

    /// Finds names that two members share (APPNOTE.TXT, section 4.3.12): libzip refuses them too, but
    /// does not say which.
    private static func checkNames(
        _ bytes: [UInt8], _ end: Int, _ limits: Limits
    ) throws(FileError) {
        var record = try ByteCursor(bytes, at: end + 10)
        let count = try record.integer(2)
        // Before libzip reads them all; larger archives have 65535 here.
        if count > limits.entryCount {
            throw FileError(
                "the archive has \(count) members; more than \(limits.entryCount) are refused")
        }
        try record.skip(4)
        // Larger archives have a second record; libzip reads those.
        guard let offset = try? record.integer(4), offset < end,
            var directory = try? ByteCursor(bytes, at: offset)
        else { return }
        var names: Set<[UInt8]> = []
        for _ in 0..<count {
            guard let head = try? directory.take(46), head.starts(with: [0x50, 0x4B, 1, 2])
            else { return }
            let lengths = [28, 30, 32].map { position in
                Int(head[head.startIndex + position]) | Int(head[head.startIndex + position + 1])
                    << 8
            }
            guard let name = try? directory.take(lengths[0]),
                (try? directory.skip(lengths[1] + lengths[2])) != nil
            else { return }
            if !names.insert(Array(name)).inserted {
                throw FileError(
                    "two members of the archive have this name",
                    location: [String(decoding: name, as: UTF8.self)])
            }
        }
    }

    private static func directory(
        _ archive: OpaquePointer, _ archiveByteCount: UInt64, _ limits: Limits
    ) throws(FileError) -> [Entry] {
        let count = Int(zip_get_num_entries(archive, 0))
        if count > limits.entryCount {
            throw FileError(
                "the archive has \(count) members; more than \(limits.entryCount) are refused")
        }
        var entries: [Entry] = []
        // Overlapping members would let a small archive decompress to any size.
        var unclaimed = archiveByteCount
        for index in 0..<UInt64(max(count, 0)) {
            var status = zip_stat_t()
            guard zip_stat_index(archive, index, 0, &status) == 0, let name = status.name else {
                throw failure(zip_get_error(archive).pointee)
            }
            let entry = Entry(
                name: String(cString: name), byteCount: Int(clamping: status.size), index: index)
            try locating(in: entry.name) { () throws(FileError) in
                try check(status, limits)
                if status.comp_size > unclaimed {
                    throw FileError("the archive is too short for this member")
                }
                unclaimed -= status.comp_size
            }
            entries.append(entry)
        }
        return entries
    }

    private static func check(_ status: zip_stat_t, _ limits: Limits) throws(FileError) {
        if status.encryption_method != 0 { throw FileError("this member is encrypted") }
        let method = Int32(status.comp_method)
        if method != ZIP_CM_STORE && method != ZIP_CM_DEFLATE {
            throw FileError("packed with method \(method); only stored and deflated can be read")
        }
        let (allowed, overflow) = status.comp_size.multipliedReportingOverflow(
            by: method == ZIP_CM_STORE ? 1 : UInt64(limits.expansion))
        let floor = method == ZIP_CM_STORE ? 0 : UInt64(limits.unsuspiciousByteCount)
        if !overflow && status.size > max(allowed, floor) {
            throw FileError(
                "\(status.comp_size) bytes claim to unpack to \(status.size): refused as a bomb")
        }
    }
}

// MARK: Writing

extension ZipArchive {
    /// An archive of these members in this order, stored as they are, as Keras writes it.
    ///
    /// All have the earliest zip date, so that the same contents give the same bytes.
    static func archive(
        of members: [(name: String, contents: [UInt8])]
    ) throws(FileError) -> [UInt8] {
        prepareLibrary
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let target = zip_source_buffer_create(nil, 0, 0, &error) else {
            throw failure(error)
        }
        defer { zip_source_free(target) }
        guard let archive = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error) else {
            throw failure(error)
        }
        // The archive takes ownership of the source, which is needed afterwards.
        zip_source_keep(target)
        do throws(FileError) {
            try add(members[...], to: archive)
        } catch {
            zip_discard(archive)
            throw error
        }
        return try contents(of: target)
    }

    /// Adds the members and closes the archive.
    ///
    /// libzip reads the members' bytes when it closes, so each is kept
    /// in place until then.
    private static func add(
        _ members: ArraySlice<(name: String, contents: [UInt8])>, to archive: OpaquePointer
    ) throws(FileError) {
        guard let (name, contents) = members.first else {
            guard zip_close(archive) == 0 else { throw failure(zip_get_error(archive).pointee) }
            return
        }
        let result = contents.withUnsafeBytes { bytes in
            Result { () throws(FileError) in
                try add(bytes, as: name, to: archive)
                try add(members.dropFirst(), to: archive)
            }
        }
        try result.get()
    }

    private static func add(
        _ bytes: UnsafeRawBufferPointer, as name: String, to archive: OpaquePointer
    ) throws(FileError) {
        guard let source = zip_source_buffer(archive, bytes.baseAddress, UInt64(bytes.count), 0)
        else { throw failure(zip_get_error(archive).pointee) }
        let index = zip_file_add(archive, name, source, UInt32(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
            zip_source_free(source)
            throw failure(zip_get_error(archive).pointee)
        }
        let january1980: UInt16 = 1 << 5 | 1
        guard zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0) == 0,
            zip_file_set_dostime(archive, UInt64(index), 0, january1980, 0) == 0
        else { throw failure(zip_get_error(archive).pointee) }
    }

    private static func contents(of source: OpaquePointer) throws(FileError) -> [UInt8] {
        func check(_ status: Int64) throws(FileError) -> Int {
            if status < 0 { throw failure(zip_source_error(source).pointee) }
            return Int(status)
        }
        _ = try check(Int64(zip_source_open(source)))
        defer { zip_source_close(source) }
        _ = try check(Int64(zip_source_seek(source, 0, SEEK_END)))
        let count = try check(zip_source_tell(source))
        _ = try check(Int64(zip_source_seek(source, 0, SEEK_SET)))
        var bytes = [UInt8](repeating: 0, count: count)
        let received = try check(
            bytes.withUnsafeMutableBytes {
                zip_source_read(source, $0.baseAddress, UInt64($0.count))
            })
        if received != count { throw FileError("the archive could not be put together") }
        return bytes
    }
}
