import ArgumentParser
import Foundation
import Strata

/// `strata doctor`: the machine, what of it is used, and what would make it faster.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this machine has, what of it is used, and what would be faster.",
        discussion: """
            EXAMPLES
              strata doctor
              ONEDNN_MAX_CPU_ISA=AVX2 strata doctor
            """)

    @OptionGroup var threads: ThreadsOption

    func run() {
        threads.apply()
        #if DEBUG
        let isDebug = true
        #else
        let isDebug = false
        #endif
        let diagnosis = Diagnosis(
            machine: .current, engine: computeEngine.description,
            computesBfloat16: computeEngine.computesBfloat16, threadCount: threadCount(),
            isDebug: isDebug, environment: ProcessInfo.processInfo.environment)
        print(diagnosis.report)
    }
}
