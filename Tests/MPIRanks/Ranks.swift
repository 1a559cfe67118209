#if MPI
import Glibc
import Strata
import StrataGraph
import StrataMPI

struct Wrong: Error {
    let description: String
}

/// One rank: checks what sums and messages bring, or sums until something happens.
struct Ranks {
    let group: any RankGroup
    let command: Command
    let rank: Int
    let count: Int

    init(_ group: any RankGroup, _ command: Command) {
        self.group = group
        self.command = command
        rank = group.communicator.rank
        count = group.communicator.rankCount
    }

    func run() throws {
        guard count == command.number("ranks", count) else {
            throw Wrong(description: "\(count) ranks")
        }
        if command.name == "sum" { return try sumOn() }
        if command.name == "time" { return try time() }
        for dtype in [DType.float32, .bfloat16] {
            for size in [0, 1, 3, 1000, 5_000_000] { try checkSum(size, dtype) }
        }
        try checkInFlight()
        try checkOrder()
        try checkMessages(command.number("large", 0))
        guard try Distribution.mpi().group === group else {
            throw Wrong(description: "a second call made other ranks")
        }
        if rank == 0 { print("right: \(count) ranks") }
    }

    /// Small whole numbers, of which all sums are exact in both types: at most 8 ranks times 31.
    private func value(_ index: Int, of rank: Int) -> Int { (index &* 7 + rank &* 3) % 32 }

    private func total(_ index: Int) -> Int { (0..<count).reduce(0) { $0 + value(index, of: $1) } }

    private func checkSum(_ size: Int, _ dtype: DType) throws {
        let memory = Values(size, dtype)
        for _ in 0..<2 {
            for index in 0..<size { memory[index] = Float(value(index, of: rank)) }
            guard
                group.communicator.startSum(0, memory.memory, count: size, dtype: dtype),
                group.communicator.finishSum(0)
            else { throw group.failure ?? DistributionError("no reason", fix: "") }
            for index in 0..<size where memory[index] != Float(total(index)) {
                throw Wrong(description: "\(dtype) \(size): \(memory[index]) at \(index)")
            }
        }
    }

    /// Several at once, finished in another order at each rank, as plans may do.
    private func checkInFlight() throws {
        let sizes = [100_000, 7, 1, 30_000, 0, 250_000]
        let values = sizes.enumerated().map { Values($1, $0 % 2 == 0 ? .float32 : .bfloat16) }
        for round in 0..<20 {
            for (request, memory) in values.enumerated() {
                for index in 0..<memory.count {
                    memory[index] = Float(value(index + round, of: rank))
                }
                _ = group.communicator.startSum(
                    request, memory.memory, count: memory.count, dtype: memory.dtype)
                group.communicator.progress()
            }
            for place in values.indices {
                let request = (place + rank + round) % values.count
                guard group.communicator.finishSum(request) else {
                    throw group.failure ?? DistributionError("no reason", fix: "")
                }
                let memory = values[request]
                for index in 0..<memory.count where memory[index] != Float(total(index + round)) {
                    throw Wrong(description: "sum \(request) of round \(round) at \(index)")
                }
            }
        }
    }

    /// In the order of the ranks, 2^24 + 1 + 1 is 2^24 in float32, and 1 + 1 + 2^24 is 2^24 + 2.
    private func checkOrder() throws {
        guard command.number("deterministic", 0) == 1, count > 2 else { return }
        let memory = Values(2 * count, .float32)
        for index in 0..<memory.count {
            let large = index % 2 == 0 ? 0 : count - 1
            memory[index] = rank == large ? 16_777_216 : 1
        }
        guard
            group.communicator.startSum(0, memory.memory, count: memory.count, dtype: .float32),
            group.communicator.finishSum(0)
        else { throw group.failure ?? DistributionError("no reason", fix: "") }
        for index in 0..<memory.count {
            // The ones before the last rank are summed exactly; the result is even, or rounded to it.
            let ones = count - 1
            let last: Float = ones % 4 == 3 ? Float(ones + 1) : Float(ones / 2 * 2)
            let wanted = 16_777_216 + (index % 2 == 0 ? 0 : last)
            guard memory[index] == wanted else {
                throw Wrong(description: "not in order: \(memory[index]) instead of \(wanted)")
            }
        }
    }

    private func checkMessages(_ large: Int) throws {
        for size in [0, 1, 100_000, 300 << 20, large] where size <= max(large, 1 << 20) {
            let sent = [UInt8](unsafeUninitializedCapacity: size) { memory, used in
                for index in stride(from: 0, to: size, by: 1) where size < 1 << 22 {
                    memory[index] = UInt8(truncatingIfNeeded: index &* 31)
                }
                if size >= 1 << 22, let base = memory.baseAddress {
                    memset(base, 7, size)
                    memory[size - 1] = 9
                }
                used = size
            }
            guard try group.broadcast(rank == 0 ? sent : []) == sent else {
                throw Wrong(description: "a broadcast of \(size) bytes")
            }
        }
        for size in [0, 1, 1000, large / max(count, 1)] {
            let gathered = try group.gather(
                [UInt8](repeating: UInt8(rank + 1), count: size * (rank + 1) / count))
            for other in 0..<count {
                let wanted = size * (other + 1) / count
                guard gathered[other].count == wanted,
                    gathered[other].allSatisfy({ $0 == UInt8(other + 1) })
                else {
                    throw Wrong(description: "gathered from \(other): \(gathered[other].count)")
                }
            }
        }
    }

    /// Sums for good, until the chosen rank does something at the chosen sum.
    private func sumOn() throws {
        let memory = Values(command.number("size", 1000), .float32)
        let small = Values(10, .bfloat16)
        let communicator = group.communicator
        let chosen = command.number("rank", -1) == rank
        for step in 0..<command.number("steps", 1_000_000_000) {
            if chosen, step == command.number("at", 0) { try act() }
            if step == 100, rank == 0, let path = command.text("mark") {
                close(open(path, O_CREAT | O_WRONLY, 0o600))
            }
            guard communicator.startSum(0, memory.memory, count: memory.count, dtype: .float32),
                communicator.startSum(1, small.memory, count: small.count, dtype: .bfloat16)
            else { throw group.failure ?? DistributionError("no reason", fix: "") }
            // One that stands still between a sum's start and its end keeps the others waiting too.
            if chosen, step == command.number("between", -1) { try act() }
            guard communicator.finishSum(1), communicator.finishSum(0) else {
                throw group.failure ?? DistributionError("no reason", fix: "")
            }
            for index in 0..<memory.count { memory[index] = 0 }
        }
    }

    /// Prints how long a sum of `--size` values takes: the mean of `--steps`, in five windows.
    private func time() throws {
        let memory = Values(command.number("size", 1), .float32)
        let steps = command.number("steps", 100)
        let clock = ContinuousClock()
        var means: [String] = []
        for window in 0...5 {
            let time = try clock.measure {
                for _ in 0..<steps {
                    guard
                        group.communicator.startSum(
                            0, memory.memory, count: memory.count, dtype: .float32),
                        group.communicator.finishSum(0)
                    else { throw group.failure ?? DistributionError("no reason", fix: "") }
                }
            }
            // The first one warms up.
            if window > 0 { means.append("\(time / steps / .seconds(1))") }
        }
        if rank == 0 { print("[\(means.joined(separator: ", "))]") }
    }

    private func act() throws {
        switch command.text("act") {
        case "kill": kill(getpid(), SIGKILL)
        case "stop": kill(getpid(), SIGSTOP)
        case "sleep": sleep(3600)
        case "exit": exit(0)
        case "abandon":
            group.abandon("the disk is full")
            exit(4)
        default: throw Wrong(description: "there is no such act")
        }
    }
}
#endif
