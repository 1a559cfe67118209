import Strata
import Testing

@testable import StrataCLI

/// `strata doctor` and `strata --version`.
@Suite struct DoctorTests {
    private static let fast = EngineDescription(
        library: "oneDNN 2.6.3", instructions: "AVX-512")

    private static let machine = Machine(
        processor: "A", coreCount: 8, usableCoreCount: 8, memory: 16_000_000_000,
        availableMemory: 12_345_000_000, load: 0.4)

    private static func diagnosis(_ change: (inout Diagnosis) -> Void = { _ in }) -> Diagnosis {
        var diagnosis = Diagnosis(
            machine: machine, engine: fast, computesBfloat16: false, threadCount: 8, isDebug: false,
            environment: [:])
        change(&diagnosis)
        return diagnosis
    }

    @Test func `the report of a machine that lacks nothing`() {
        #expect(
            Self.diagnosis().report == """
                strata     \(strataVersion), a release build
                engine     oneDNN 2.6.3, with AVX-512
                bfloat16   the processor does not multiply it: mixed_bfloat16 computes in float32
                processor  A
                cores      8 of 8
                threads    8
                memory     16.0 GB, 12.3 GB available

                Nothing was found that would make it faster.
                """)
    }

    /// A machine that lacks one thing.
    struct Lack: Sendable, CustomTestStringConvertible {
        let words: String
        let change: @Sendable (inout Diagnosis) -> Void

        init(_ words: String, _ change: @escaping @Sendable (inout Diagnosis) -> Void) {
            self.words = words
            self.change = change
        }

        var testDescription: String { words }

        static let all = [
            Lack("This is a debug build, about ten times as slow") { $0.isDebug = true },
            Lack("ONEDNN_MAX_CPU_ISA=AVX2 limits") {
                $0.environment["ONEDNN_MAX_CPU_ISA"] = "AVX2"
            },
            Lack("need AVX-512, which this processor lacks") {
                $0.engine = EngineDescription(library: "oneDNN 3.2.0", instructions: "AVX2")
            },
            Lack("train faster in bfloat16") { $0.computesBfloat16 = true },
            Lack("2 of 8 cores are used, by --threads") { $0.threadCount = 2 },
            Lack("3 of 8 cores are used, by OMP_NUM_THREADS=3") {
                $0.threadCount = 3
                $0.environment["OMP_NUM_THREADS"] = "3"
            },
            Lack("may use 2 of 8 cores") {
                $0.machine.usableCoreCount = 2
                $0.threadCount = 2
            },
            Lack("the time of 2.5 cores for 8 threads, which wait for one another: --threads 2") {
                $0.machine.quota = 2.5
            },
            Lack("--threads 1") { $0.machine.quota = 0.5 },
            Lack("the load of the last minute is 3.1") { $0.machine.load = 3.14 },
            Lack("governor powersave") { $0.machine.governor = "powersave" },
            Lack("Only 0.3 GB of memory are available") {
                $0.machine.availableMemory = 300_000_000
            },
        ]
    }

    @Test(arguments: Lack.all)
    func `one thing that is slow is one line of advice`(lack: Lack) {
        let advice = Self.diagnosis(lack.change).advice
        #expect(advice.count == 1)
        #expect(advice.first?.contains(lack.words) == true, "\(advice)")
    }

    @Test func `files of Linux are read`() {
        #expect(
            Machine.processorName("processor\t: 0\nmodel name\t: Intel(R) Xeon(R): 2\nflags\t: a")
                == "Intel(R) Xeon(R): 2")
        #expect(Machine.processorName("processor\t: 0\nBogoMIPS\t: 50.00") == nil)
        let memory = "MemTotal:       24683584 kB\nMemAvailable:   1000 kB\n"
        #expect(Machine.bytes(of: "MemTotal", in: memory) == 24_683_584 * 1024)
        #expect(Machine.bytes(of: "MemAvailable", in: memory) == 1_024_000)
        #expect(Machine.bytes(of: "Swap", in: memory) == nil)
        #expect(Machine.bytes(of: "M", in: "M: \(Int.max) kB") == nil)
        #expect(Machine.load("0.52 0.58 0.59 1/389 1234") == 0.52)
        #expect(Machine.load("") == 0)
    }

    @Test(
        arguments: [
            ("max 100000\n", nil), ("150000 100000\n", 1.5), ("1 0", nil), ("", nil), ("a b", nil),
        ] as [(String, Double?)])
    func `the time of a control group`(text: String, quota: Double?) {
        #expect(Machine.quota(text) == quota)
    }

    @Test(arguments: [
        ("0\n", 1), ("0-1\n", 2), ("0,64\n", 2), ("0-1,4-5", 4), ("", 1), ("5-2", 1), ("x", 1),
    ])
    func `lists of processors`(text: String, count: Int) {
        #expect(Machine.listCount(text) == count)
    }

    @Test func `the command tells of this machine`() throws {
        let outcome = try Workplace().strata(
            ["doctor", "--threads", "1"], environment: ["ONEDNN_MAX_CPU_ISA": "AVX2"])
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("\nthreads    1\n"))
        #expect(outcome.output.contains("ONEDNN_MAX_CPU_ISA=AVX2 limits"))
        #if arch(x86_64)
        #expect(outcome.output.contains(", with AVX2\n"))
        #endif
    }

    @Test func `the version names the engine and its instructions`() throws {
        let outcome = try Workplace().strata("--version")
        let engine = computeEngine.description
        #expect(
            outcome.output
                == "strata \(strataVersion), \(engine.library), \(engine.instructions)\n")
        #expect(engine.library.hasPrefix("oneDNN "))
    }
}
