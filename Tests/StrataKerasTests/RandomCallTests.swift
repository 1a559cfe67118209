import CStrataKeras
import Foundation
import StrataGraph
import StrataTestSupport
import Synchronization
import Testing

extension CInterfaceTests {
    /// Calls that a careless or hostile caller makes.
    @Suite struct RandomCallTests {
        /// In all threads together: `STRATA_CALL_COUNT`.
        private static let count = setting("STRATA_CALL_COUNT") ?? 4_000
        private static let seed = UInt64(setting("STRATA_CALL_SEED") ?? 1)

        private static func setting(_ name: String) -> Int? {
            ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
        }

        @Test func `no call stops the process, and no handles are left`() async throws {
            let before = try Session.handleCount
            let shared = SharedHandles()
            let totals = try await withThrowingTaskGroup(of: RandomCaller.Totals.self) { group in
                for thread in 0..<3 {
                    group.addTask {
                        var caller = try RandomCaller(
                            seed: Self.seed &+ UInt64(thread) << 32, shared: shared)
                        for _ in 0..<Self.count / 3 { caller.callOnce() }
                        caller.releaseAll()
                        return caller.totals
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            shared.releaseAll()
            #expect(try Session.handleCount == before)
            for total in totals {
                #expect(total.applied > Self.count / 30)
                #expect(total.ran > Self.count / 100)
                #expect(total.exported > Self.count / 100)
                #expect(total.refused > Self.count / 30)
            }
        }
    }
}

/// Handles that all threads use and release.
final class SharedHandles: Sendable {
    private let handles = Mutex<[strata_handle]>([])

    func insert(_ handle: strata_handle) -> strata_handle? {
        handles.withLock { handles in
            handles.append(handle)
            return handles.count > 64 ? handles.removeFirst() : nil
        }
    }

    func pick(_ number: Int) -> strata_handle? {
        handles.withLock { $0.isEmpty ? nil : $0[number % $0.count] }
    }

    func releaseAll() {
        let left = handles.withLock { $0 }
        strata_keras_release(left, Int64(left.count))
    }
}
