import CAllocationCounter
import Foundation

/// The memory of this process, again and again while it does the same.
struct MemoryRecord {
    private struct Entry {
        var done: Int
        var resident: Int
        var used: Int
    }

    private let what: String
    private let isPrinted: Bool
    private var entries: [Entry] = []

    /// - Parameters:
    ///   - what: what is done, in the plural.
    ///   - isPrinted: whether each entry is printed.
    init(_ what: String, isPrinted: Bool) { (self.what, self.isPrinted) = (what, isPrinted) }

    /// Notes how much memory there is after so many times.
    mutating func add(_ done: Int) throws {
        let entry = Entry(
            done: done, resident: try Self.residentByteCount(), used: ac_bytes_in_use())
        entries.append(entry)
        if isPrinted {
            let text = [entry.resident, entry.used].map {
                String(format: "%9.2f MB", Double($0) / 1e6)
            }
            print("\(done) \(what): \(text[0]) resident,\(text[1]) of it from malloc")
        }
    }

    /// By how much resident memory rose after the first quarter, as a part of what there was then.
    var growth: Double {
        let warm = entries.prefix(max(entries.count / 4, 1)).map(\.resident).max() ?? 1
        return Double((entries.map(\.resident).max() ?? 0) - warm) / Double(warm)
    }

    /// The resident memory, in bytes.
    static func residentByteCount() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let fields = text.split(separator: " ")
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * sysconf(Int32(_SC_PAGESIZE))
    }
}
