import Strata

/// What of a machine is used, and what would make training faster on it.
struct Diagnosis {
    var machine: Machine
    var engine: EngineDescription
    var computesBfloat16: Bool
    var threadCount: Int
    var isDebug: Bool
    var environment: [String: String]

    /// The report of `strata doctor`.
    var report: String {
        let facts: [(String, String)] = [
            ("strata", "\(strataVersion), a \(isDebug ? "debug" : "release") build"),
            ("engine", "\(engine.library), with \(engine.instructions)"),
            ("bfloat16", bfloat16), ("processor", machine.processor), ("cores", cores),
            ("threads", String(threadCount)),
            (
                "memory",
                "\(Self.gigabytes(machine.memory)), \(Self.gigabytes(machine.availableMemory)) "
                    + "available"
            ),
        ]
        let table = facts.map { $0.padded(toColumns: 11) + $1 }
        let advice = advice
        let end =
            advice.isEmpty
            ? ["Nothing was found that would make it faster."]
            : ["What would make it faster:"] + advice.map { "- \($0)" }
        return (table + [""] + end).joined(separator: "\n")
    }

    private var bfloat16: String {
        computesBfloat16
            ? "the processor multiplies it: mixed_bfloat16 computes in it"
            : "the processor does not multiply it: mixed_bfloat16 computes in float32"
    }

    private var cores: String {
        var text = "\(machine.usableCoreCount) of \(machine.coreCount)"
        if machine.threadsPerCore > 1 { text += ", \(machine.threadsPerCore) on a physical core" }
        if let quota = machine.quota { text += ", the time of \(Self.rounded(quota))" }
        return text
    }

    /// What would make it faster, the most effective first.
    var advice: [String] {
        var advice: [String] = []
        if isDebug {
            advice.append(
                "This is a debug build, about ten times as slow: swift build -c release.")
        }
        if let limit = environment["ONEDNN_MAX_CPU_ISA"] {
            advice.append(
                "ONEDNN_MAX_CPU_ISA=\(limit) limits the instructions; without it, all are used.")
        } else if !engine.instructions.hasPrefix("AVX-512") {
            advice.append(
                "Strata's convolution kernels need AVX-512, which this processor lacks; oneDNN "
                    + "computes all convolutions.")
        }
        advice += threadAdvice
        if machine.governor == "powersave" {
            advice.append(
                "The processor's clock may be kept low (governor powersave): "
                    + "cpupower frequency-set -g performance.")
        }
        if machine.availableMemory < 1 << 30, machine.memory > 0 {
            advice.append(
                "Only \(Self.gigabytes(machine.availableMemory)) of memory are available; end other "
                    + "programs, or use a smaller batch.")
        }
        if computesBfloat16 {
            advice.append(
                "Large networks train faster in bfloat16: mixed_bfloat16 as the policy of the "
                    + "model's layers (docs/performance.md).")
        }
        return advice
    }

    private var threadAdvice: [String] {
        var advice: [String] = []
        if threadCount < machine.usableCoreCount {
            let cause =
                environment["OMP_NUM_THREADS"].map { "OMP_NUM_THREADS=\($0)" } ?? "--threads"
            advice.append(
                "\(threadCount) of \(machine.usableCoreCount) cores are used, by \(cause); without "
                    + "it, all are.")
        }
        if machine.usableCoreCount < machine.coreCount {
            advice.append(
                "The process may use \(machine.usableCoreCount) of \(machine.coreCount) cores "
                    + "(taskset, or the CPUs of its container).")
        }
        if let quota = machine.quota, quota < Double(threadCount) {
            advice.append(
                "The container has the time of \(Self.rounded(quota)) cores for \(threadCount) "
                    + "threads, which wait for one another: --threads \(max(Int(quota), 1)), or a "
                    + "higher limit.")
        }
        // One of the processes that run is this one.
        if machine.load >= 1.5 {
            advice.append(
                "Other programs use the cores: the load of the last minute is "
                    + "\(Self.rounded(machine.load)).")
        }
        return advice
    }

    private static func gigabytes(_ bytes: Int) -> String {
        "\(rounded(Double(bytes) / 1e9)) GB"
    }

    /// With one digit behind the point.
    private static func rounded(_ value: Double) -> String {
        String((value * 10).rounded() / 10)
    }
}
