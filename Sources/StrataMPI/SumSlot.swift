#if MPI
internal import CMPI
internal import Glibc
internal import StrataGraph

/// The memory and the state of one sum.
///
/// All of it stays for the next sum of that number.
final class SumSlot {
    enum Stage {
        case idle
        /// MPI sums.
        case summing
        /// Each rank gets the others' values of its part of the elements.
        case exchanging
        /// The own part is summed; the others' are to be collected.
        case summed
        case collecting
        case done
    }

    private(set) var stage = Stage.idle
    private let request: OpaquePointer
    private let rank: Int
    private let rankCount: Int
    /// For each rank, in elements: the size and place of its part, and of what comes from it.
    private let sizes: UnsafeMutablePointer<Int32>
    private let places: UnsafeMutablePointer<Int32>
    private let receivedSizes: UnsafeMutablePointer<Int32>
    private let receivedPlaces: UnsafeMutablePointer<Int32>
    private var received: UnsafeMutableRawPointer?
    private var receivedCapacity = 0
    private var values: UnsafeMutableRawPointer
    private var elementSize: Int32 = 4

    /// `nil` where there is no memory.
    init?(rank: Int, rankCount: Int) {
        guard let request = strata_mpi_make_request() else { return nil }
        guard let memory = calloc(4 * rankCount, MemoryLayout<Int32>.stride) else {
            strata_mpi_free_request(request)
            return nil
        }
        self.request = request
        self.rank = rank
        self.rankCount = rankCount
        sizes = memory.bindMemory(to: Int32.self, capacity: 4 * rankCount)
        places = sizes + rankCount
        receivedSizes = places + rankCount
        receivedPlaces = receivedSizes + rankCount
        values = memory
    }

    deinit {
        strata_mpi_free_request(request)
        free(sizes)
        free(received)
    }

    /// Whether later sums may collect: this one has begun to, or need not.
    var hasCollected: Bool { stage != .exchanging && stage != .summed }

    /// - Returns: an error code of MPI, or 0.
    func startSum(_ values: UnsafeMutableRawPointer, count: Int) -> Int32 {
        guard count > 0 else { return finish() }
        stage = .summing
        return strata_mpi_start_sum(
            request, values.assumingMemoryBound(to: Float.self), Int32(count))
    }

    /// Whether there is memory for an exchange.
    func reserve(count: Int, elementSize: Int) -> Bool {
        let size = (count / rankCount + 1) * rankCount * elementSize
        guard size > receivedCapacity else { return true }
        free(received)
        received = malloc(size)
        receivedCapacity = received == nil ? 0 : size
        return received != nil
    }

    /// - Returns: an error code of MPI, or 0.
    func startExchange(
        _ values: UnsafeMutableRawPointer, count: Int, elementSize: Int
    ) -> Int32 {
        guard count > 0 else { return finish() }
        self.values = values
        self.elementSize = Int32(elementSize)
        var place: Int32 = 0
        for other in 0..<rankCount {
            let size = Int32(count / rankCount + (other < count % rankCount ? 1 : 0))
            sizes[other] = size
            places[other] = place
            place += size
        }
        for other in 0..<rankCount {
            receivedSizes[other] = sizes[rank]
            receivedPlaces[other] = sizes[rank] * Int32(other)
        }
        stage = .exchanging
        return strata_mpi_start_exchange(
            request, values, sizes, places, received, receivedSizes, receivedPlaces,
            self.elementSize)
    }

    /// Goes on as far as it can without waiting.
    ///
    /// - Parameter mayCollect: whether all earlier sums have begun to collect, as ranks must do it in
    ///   the same order.
    /// - Returns: an error code of MPI, or 0.
    func advance(mayCollect: Bool) -> Int32 {
        if stage == .summing || stage == .exchanging || stage == .collecting {
            var isDone: Int32 = 0
            let code = strata_mpi_test(request, &isDone)
            guard code == 0, isDone != 0 else { return code }
            guard stage == .exchanging else { return finish() }
            addRows()
            stage = .summed
        }
        guard stage == .summed, mayCollect else { return 0 }
        stage = .collecting
        return strata_mpi_start_collect(
            request, Int32(STRATA_MPI_LANE_COLLECT), values, sizes, places, elementSize)
    }

    func reset() { stage = .idle }

    private func finish() -> Int32 {
        stage = .done
        return 0
    }

    private func addRows() {
        guard let received else { return }
        let sums = values + Int(places[rank]) * Int(elementSize)
        let count = Int(sizes[rank])
        if elementSize == 4 {
            strata_mpi_add_rows(
                received.assumingMemoryBound(to: Float.self), Int32(rankCount), count,
                sums.assumingMemoryBound(to: Float.self))
        } else {
            strata_mpi_add_bfloat16_rows(
                received.assumingMemoryBound(to: UInt16.self), Int32(rankCount), count,
                sums.assumingMemoryBound(to: UInt16.self))
        }
    }
}
#endif
