import Foundation

/// What Linux says of the machine, as far as it matters for the speed of training.
struct Machine: Hashable {
    /// The processor's name.
    var processor = "unknown"
    /// The cores of the machine, as Linux counts them: hardware threads.
    var coreCount = 1
    /// Those that the process may use (`taskset`, the CPUs of a container).
    var usableCoreCount = 1
    /// Hardware threads of a core.
    var threadsPerCore = 1
    /// How many cores' time the process may take, if its control group limits it.
    var quota: Double?
    /// In bytes.
    var memory = 0
    /// Bytes that can be allocated without paging.
    var availableMemory = 0
    /// How many processes ran or waited to run in the last minute.
    var load = 0.0
    /// How Linux chooses the clock rate, where it does.
    var governor: String?

    /// This machine.
    static var current: Machine {
        var machine = Machine()
        machine.processor = processorName(text("/proc/cpuinfo")) ?? machine.processor
        machine.coreCount = ProcessInfo.processInfo.processorCount
        machine.usableCoreCount = ProcessInfo.processInfo.activeProcessorCount
        let cpu = "/sys/devices/system/cpu/cpu0"
        machine.threadsPerCore = listCount(text("\(cpu)/topology/thread_siblings_list"))
        machine.governor = word(text("\(cpu)/cpufreq/scaling_governor"))
        machine.quota = quota(text("/sys/fs/cgroup/cpu.max"))
        let memory = text("/proc/meminfo")
        machine.memory = bytes(of: "MemTotal", in: memory) ?? 0
        machine.availableMemory = bytes(of: "MemAvailable", in: memory) ?? 0
        machine.load = load(text("/proc/loadavg"))
        return machine
    }

    /// A file's text; empty if there is none.
    private static func text(_ path: String) -> String {
        (FileManager.default.contents(atPath: path)).map { String(decoding: $0, as: UTF8.self) }
            ?? ""
    }

    // MARK: Reading Linux's files

    /// The first name in `/proc/cpuinfo`.
    static func processorName(_ text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("model name") }?
            .split(separator: ":", maxSplits: 1).last
            .flatMap { word(String($0)) }
    }

    /// A line of `/proc/meminfo`, which is in KiB.
    static func bytes(of name: String, in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            .flatMap { $0.multipliedReportingOverflow(by: 1024).overflow ? nil : $0 * 1024 }
    }

    /// `cpu.max` of control groups: the time for each period, or `max`.
    static func quota(_ text: String) -> Double? {
        let values = text.split { $0 == " " || $0 == "\n" }.map { Double($0) }
        guard values.count == 2, let time = values[0], let period = values[1], period > 0 else {
            return nil
        }
        return time / period
    }

    /// How many numbers a list as `0,2-3` has, at least 1.
    static func listCount(_ text: String) -> Int {
        let ranges = text.split { $0 == "," || $0 == "\n" }.map {
            $0.split(separator: "-").compactMap { Int($0) }
        }
        let count = ranges.reduce(0) { count, range in
            guard let first = range.first, let last = range.last, range.count <= 2,
                (0...(1 << 20)).contains(first), (first...(1 << 20)).contains(last)
            else { return count }
            return count + last - first + 1
        }
        return max(count, 1)
    }

    /// The first number of `/proc/loadavg`: the last minute.
    static func load(_ text: String) -> Double {
        text.split(separator: " ").first.flatMap { Double($0) } ?? 0
    }

    private static func word(_ text: String) -> String? {
        let word = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return word.isEmpty ? nil : word
    }
}
