/// Offsets for buffers of which no two that are alive together overlap.
struct Packing {
    /// From the first step that uses a buffer to the last.
    struct Lifetime {
        var first: Int
        var last: Int
        var byteCount: Int
    }

    static let alignment = 64

    private(set) var offsets: [Int: Int] = [:]
    private(set) var byteCount = 0
    private var placed: [(lifetime: Lifetime, offset: Int)] = []

    /// - Parameters:
    ///   - order: the buffers, largest first.
    ///   - budget: how far new memory may be taken so that memory stays with the thread that used it
    ///     last; without one, buffers lie as low as they can.
    ///
    /// A thread's part of a batch is the lower or the upper end of a buffer, and a value that lies around the
    /// middle of the one before it has its ends where that had them. Threads on different dies, with caches of
    /// their own, so need not fetch what the other one left (docs/performance.md has what it gives).
    init(_ order: [(key: Int, value: Lifetime)], budget: Int? = nil) {
        for (buffer, lifetime) in order {
            let offset = place(for: lifetime, budget: budget)
            offsets[buffer] = offset
            placed.append((lifetime, offset))
            byteCount = max(byteCount, Self.aligned(offset + lifetime.byteCount))
        }
    }

    static func aligned(_ byteCount: Int) -> Int {
        (byteCount + alignment - 1) / alignment * alignment
    }

    private func place(for lifetime: Lifetime, budget: Int?) -> Int {
        let rivals = placed.filter {
            $0.lifetime.first <= lifetime.last && lifetime.first <= $0.lifetime.last
        }.sorted { $0.offset < $1.offset }
        if let budget {
            let taken = TakenMemory(rivals)
            for other in placed where other.lifetime.byteCount >= lifetime.byteCount {
                let margin =
                    Self.aligned(other.lifetime.byteCount) - Self.aligned(lifetime.byteCount)
                let offset = other.offset + margin / 2 / Self.alignment * Self.alignment
                if taken.leavesFree(offset..<offset + lifetime.byteCount) { return offset }
            }
            if byteCount + lifetime.byteCount <= budget { return byteCount }
        }
        var offset = 0
        for rival in rivals where offset + lifetime.byteCount > rival.offset {
            offset = max(offset, Self.aligned(rival.offset + rival.lifetime.byteCount))
        }
        return offset
    }

    /// Memory of buffers that may share parts of it with each other.
    private struct TakenMemory {
        private let offsets: [Int]
        /// How far the buffers up to each of them reach.
        private let ends: [Int]

        /// - Parameter buffers: in the order of their offsets.
        init(_ buffers: [(lifetime: Lifetime, offset: Int)]) {
            offsets = buffers.map(\.offset)
            var end = 0
            ends = buffers.map { buffer in
                end = max(end, buffer.offset + buffer.lifetime.byteCount)
                return end
            }
        }

        func leavesFree(_ range: Range<Int>) -> Bool {
            var (low, high) = (0, offsets.count)
            while low < high {
                let middle = (low + high) / 2
                if offsets[middle] < range.upperBound { low = middle + 1 } else { high = middle }
            }
            return low == 0 || ends[low - 1] <= range.lowerBound
        }
    }
}
