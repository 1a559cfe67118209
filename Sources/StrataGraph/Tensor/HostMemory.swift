internal import Glibc

/// The memory that tensors of this process can have.
package enum HostMemory {
    /// The bytes of the machine, the process's limit of them (`ulimit -v`) or its container's, whichever
    /// is least.
    package static let byteCount: Double = {
        let machine = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
        return min(machine, addressLimit, ControlGroup.own.limit)
    }()

    /// What is smaller is not looked at; there is so much more whenever something is.
    private static let smallByteCount = 1 << 20
    /// What is left beside a request, for what cannot fail but with the process: small blocks of Swift
    /// and of oneDNN.
    private static let reserve = 32 << 20
    /// The least request for which the machine is asked what it has left, which takes some 50 µs.
    private static let largeByteCount = 64 << 20

    /// The reason why a tensor is too large; `nil` if it is not.
    ///
    /// - Parameters:
    ///   - what: the tensor's name in the message.
    ///   - type: its type; unknown dimensions count as one.
    package static func problem(_ what: String, _ type: TensorType) -> GraphError.Problem? {
        let bytes = type.leastByteCount
        guard bytes > byteCount else { return nil }
        return .tooLarge(what: what, shape: type.shape, byteCount: bytes, available: byteCount)
    }

    /// The reason why so many bytes are not to be had now; `nil` if they are.
    ///
    /// Arrays of Swift end the process where there is no memory for them, and Linux grants more than it
    /// has, to end a process later. So this is asked before.
    ///
    /// - Parameter what: what they are for, in the message.
    package static func shortage(_ what: String, byteCount: Double) -> GraphError.Problem? {
        if byteCount < Double(smallByteCount) { return nil }
        let needed = byteCount + Double(reserve)
        if canMap(needed) {
            if byteCount < Double(largeByteCount) { return nil }
            if needed < min(machineFree, ControlGroup.own.free) { return nil }
        }
        return .noMemory(
            what: what, byteCount: byteCount, reserve: Double(reserve),
            free: min(machineFree, ControlGroup.own.free, addressFree))
    }

    /// Throws if so many bytes are not to be had now.
    package static func require(_ what: String, byteCount: Int) throws(GraphError) {
        if let problem = shortage(what, byteCount: Double(byteCount)) { throw GraphError(problem) }
    }

    /// Whether the process may have so much more address space.
    private static func canMap(_ byteCount: Double) -> Bool {
        guard let length = Int(exactly: byteCount.rounded(.up)),
            let mapped = mmap(
                nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            mapped != MAP_FAILED
        else { return false }
        munmap(mapped, length)
        return true
    }

    private static var addressLimit: Double {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
            limit.rlim_cur != rlim_t.max
        else { return .infinity }
        return Double(limit.rlim_cur)
    }

    /// What is left of the limit of address space.
    private static var addressFree: Double {
        guard addressLimit < .infinity,
            let pages = SmallFile.text("/proc/self/statm")?.split(separator: " ").first.flatMap({
                Double($0)
            })
        else { return .infinity }
        return max(addressLimit - pages * Double(sysconf(Int32(_SC_PAGESIZE))), 0)
    }

    /// What the machine has for further use (`MemAvailable` of proc(5)), and its swap space.
    private static var machineFree: Double {
        guard let text = SmallFile.text("/proc/meminfo"),
            let available = SmallFile.number("MemAvailable:", in: text)
        else { return .infinity }
        return (available + (SmallFile.number("SwapFree:", in: text) ?? 0)) * 1024
    }
}

/// The memory that control groups (cgroups(7), version 2) leave to a process, as containers limit it.
struct ControlGroup {
    /// The folders of the group and of those around it.
    private let folders: [String]

    /// Those of this process.
    static let own = ControlGroup(
        root: "/sys/fs/cgroup", membership: SmallFile.text("/proc/self/cgroup") ?? "")

    /// - Parameters:
    ///   - root: where the groups are mounted.
    ///   - membership: the contents of `/proc/self/cgroup`.
    init(root: String, membership: String) {
        let lines = membership.split(separator: "\n")
        var path = lines.first { $0.hasPrefix("0::/") }?.dropFirst(3) ?? ""
        var folders = [root]
        while let slash = path.lastIndex(of: "/") {
            if path.count > 1 { folders.append(root + path) }
            path = path[..<slash]
        }
        self.folders = folders
    }

    /// The least limit in bytes; infinite if there is none.
    var limit: Double { folders.map { limit(of: $0) }.min() ?? .infinity }

    private func limit(of folder: String) -> Double {
        SmallFile.text("\(folder)/memory.max").flatMap { number($0) } ?? .infinity
    }

    /// What the limits leave; files that only lie in memory can go.
    var free: Double {
        folders.map { folder in
            let limit = limit(of: folder)
            guard limit < .infinity,
                let used = SmallFile.text("\(folder)/memory.current").flatMap({ number($0) })
            else { return limit }
            let files = SmallFile.text("\(folder)/memory.stat").flatMap {
                SmallFile.number("inactive_file", in: $0)
            }
            return max(limit - used + (files ?? 0), 0)
        }.min() ?? .infinity
    }

    private func number(_ text: String) -> Double? {
        text.split(separator: "\n").first.flatMap { Double($0) }
    }
}

/// Files in which the kernel says something.
private enum SmallFile {
    /// The first 16 KiB of a file; `nil` if it cannot be read.
    static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
            count = 0
            while count < buffer.count, let base = buffer.baseAddress {
                let got = read(file, base + count, buffer.count - count)
                if got <= 0 { break }
                count += got
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number behind a word at the begin of a line.
    static func number(_ name: String, in text: String) -> Double? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(separator: " ")
            if words.count > 1, words[0] == name { return Double(words[1]) }
        }
        return nil
    }
}
