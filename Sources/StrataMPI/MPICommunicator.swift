#if MPI
internal import CMPI
internal import Glibc
internal import Strata
internal import StrataGraph

/// Sums by MPI, for one thread at a time.
///
/// MPI sums `float32` itself. Sums of `bfloat16`, and those in the order of the ranks, are made here:
/// each rank gets all values of its part of the elements, adds them in `float32`, and gives the sums
/// to all.
final class MPICommunicator: Communicator, @unchecked Sendable {
    let rank: Int
    let rankCount: Int
    private let isDeterministic: Bool
    private var slots: [SumSlot] = []
    /// The numbers of the sums in flight, in the order in which all ranks have started them.
    private var inFlight: [Int] = []
    private var ownFailure: DistributionError?

    /// Set once the ranks have met.
    var monitor: Monitor?

    init(isDeterministic: Bool) {
        rank = Int(strata_mpi_rank())
        rankCount = Int(strata_mpi_rank_count())
        self.isDeterministic = isDeterministic
    }

    var failure: String? { error?.problem }

    var error: DistributionError? { ownFailure ?? monitor?.failure }

    var isIdle: Bool { inFlight.isEmpty }

    func startSum(
        _ request: Int, _ values: UnsafeMutableRawPointer, count: Int, dtype: DType
    ) -> Bool {
        guard rankCount > 1 else { return true }
        guard error == nil, let slot = slot(request) else { return false }
        let isOurs = isDeterministic || dtype == .bfloat16
        let elementSize = dtype == .bfloat16 ? 2 : 4
        guard count <= Int32.max - Int32(rankCount),
            !isOurs || slot.reserve(count: count, elementSize: elementSize)
        else { return fail("there is no memory for a sum of \(count) values") }
        monitor?.countStep()
        inFlight.append(request)
        let code =
            isOurs
            ? slot.startExchange(values, count: count, elementSize: elementSize)
            : slot.startSum(values, count: count)
        return code == 0 || fail(code)
    }

    func progress() { _ = advance() }

    func finishSum(_ request: Int) -> Bool {
        guard rankCount > 1 else { return true }
        guard slots.indices.contains(request), let place = inFlight.firstIndex(of: request) else {
            return fail("sum \(request) was not started")
        }
        guard wait(until: { self.slots[request].stage == .done }) else { return false }
        slots[request].reset()
        inFlight.remove(at: place)
        monitor?.countStep()
        return true
    }

    /// Waits while sums go on, until a condition holds or there is a failure.
    ///
    /// - Parameter end: in milliseconds, for what comes before there is a monitor.
    func wait(until condition: () -> Bool, end: Int = .max) -> Bool {
        monitor?.beginWaiting()
        defer { monitor?.endWaiting() }
        var round = 0
        while true {
            guard advance(), error == nil else { return false }
            if condition() { return true }
            // Ranks may share a core: the one that is waited for needs it.
            round += 1
            if round > 2000 {
                if strata_mpi_milliseconds() > end { return false }
                usleep(50)
            } else if round > 100 {
                sched_yield()
            }
        }
    }

    private func slot(_ request: Int) -> SumSlot? {
        while slots.count <= request {
            guard let slot = SumSlot(rank: rank, rankCount: rankCount) else {
                _ = fail("there is no memory for sums")
                return nil
            }
            slots.append(slot)
            inFlight.reserveCapacity(slots.count)
        }
        return slots[request]
    }

    private func advance() -> Bool {
        guard ownFailure == nil else { return false }
        var mayCollect = true
        for request in inFlight {
            let slot = slots[request]
            let code = slot.advance(mayCollect: mayCollect)
            guard code == 0 else { return fail(code) }
            mayCollect = mayCollect && slot.hasCollected
        }
        return true
    }

    private func fail(_ problem: String) -> Bool {
        ownFailure =
            monitor?.abandon(problem) ?? DistributionError(problem, fix: "start all ranks again")
        return false
    }

    /// - Parameter code: an error of MPI.
    func fail(_ code: Int32) -> Bool {
        var buffer = [CChar](repeating: 0, count: 512)
        strata_mpi_error_text(code, &buffer, Int32(buffer.count))
        let text = buffer.string
        ownFailure =
            monitor?.abandon(afterMPIError: text)
            ?? DistributionError("MPI failed: \(text)", fix: "start all ranks again")
        return false
    }
}
#endif
