import Foundation
import Testing

@testable import Strata

/// The same seed, the same bits.
@Suite struct TrainingDeterminismTests {
    @Test(arguments: SeededTraining.Source.allCases, [DTypePolicy.float32, .mixedBfloat16])
    func `arrays and data sets, prefetched or not, train to the same bits`(
        source: SeededTraining.Source, policy: DTypePolicy
    ) throws {
        let expected = try SeededTraining(policy: policy).run()
        #expect(try SeededTraining(source: source, policy: policy).run() == expected)
    }

    @Test func `another seed trains to other bits`() throws {
        let first = SeededTraining.digest(try SeededTraining(seed: 7).run())
        #expect(try SeededTraining.digest(SeededTraining(seed: 8).run()) != first)
    }

    @Test func `two processes train to the same bits`() async throws {
        async let first = digestOfAProcess()
        async let second = digestOfAProcess()
        let here = try SeededTraining.digest(SeededTraining(source: .prefetchedByThreads).run())
        #expect(try await [first, second] == [here, here])
    }

    private func digestOfAProcess() async throws -> String {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            let training = SeededTraining(source: .prefetchedByThreads)
            print("digest: \(SeededTraining.digest(try training.run()))")
        }
        return try #require(lines(result, after: "digest: ").first)
    }
}

/// What a child process has printed behind a label.
func lines(_ result: ExitTest.Result?, after label: String) -> [String] {
    String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        .split(separator: "\n").filter { $0.hasPrefix(label) }
        .map { String($0.dropFirst(label.count)) }
}
