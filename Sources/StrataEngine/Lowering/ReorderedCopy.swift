internal import CKernels
internal import COneDNN

extension StridedCopy {
    /// The copy from one layout to another that moves runs of elements as they are; `nil` where the
    /// two have no runs in common, or other types, or elements between the data.
    ///
    /// oneDNN's own reorder (jit, 2.6) between row-major and blocked images goes element by element:
    /// 9 GB/s where runs of a block of channels are copied at 40 (128 × 3 × 3 × 128, two threads).
    init?(from source: MemoryDescriptor, to destination: MemoryDescriptor) {
        guard let common = Loop.common(source, destination) else { return nil }
        let loops = common.sorted { $0.destination > $1.destination }.reduce(into: [Loop]()) {
            merged, loop in
            if let outer = merged.last, outer.source == loop.source * loop.count,
                outer.destination == loop.destination * loop.count
            {
                merged[merged.count - 1] = Loop(
                    count: outer.count * loop.count, source: loop.source,
                    destination: loop.destination)
            } else {
                merged.append(loop)
            }
        }
        let size = source.elementSize
        // One run is a copy of the whole, which oneDNN shares out among the threads.
        guard (2...Int(CK_MAX_AXES)).contains(loops.count), let run = loops.last, run.source == 1,
            run.destination == 1, run.count * size >= StridedCopy.shortestRun
        else { return nil }
        self.init(
            dims: loops.map(\.count), sourceStrides: loops.map(\.source),
            destinationStrides: loops.map(\.destination), elementSize: size)
    }

    /// In bytes: a block of 8 channels in float32, of 16 in bfloat16.
    private static let shortestRun = 32

    /// Steps over elements that are as far from each other in both layouts.
    fileprivate struct Loop {
        var count: Int
        var source: Int
        var destination: Int

        /// The loops over two layouts of the same elements without others between them, in the order of
        /// the axes; `nil` where there are none.
        static func common(_ source: MemoryDescriptor, _ destination: MemoryDescriptor) -> [Loop]? {
            guard source.dims == destination.dims, source.hasSameType(as: destination),
                !source.isPadded, !destination.isPadded, let from = source.levels,
                let to = destination.levels
            else { return nil }
            var loops: [Loop] = []
            for (from, to) in zip(from, to) {
                guard let axis = pairs(from.filter(isLoop), to.filter(isLoop)) else { return nil }
                loops += axis
            }
            return loops
        }

        private static func isLoop(_ level: MemoryDescriptor.Level) -> Bool { level.count > 1 }

        /// One axis in both layouts, split so that each part goes evenly in both; `nil` where their
        /// blocks do not divide each other.
        private static func pairs(
            _ source: [MemoryDescriptor.Level], _ destination: [MemoryDescriptor.Level]
        ) -> [Loop]? {
            var (source, destination) = (source, destination)
            var loops: [Loop] = []
            while let from = source.popLast(), let to = destination.popLast() {
                let count = min(from.count, to.count)
                guard from.count % count == 0, to.count % count == 0 else { return nil }
                loops.append(Loop(count: count, source: from.stride, destination: to.stride))
                if from.count > count {
                    source.append((from.count / count, from.stride * count))
                }
                if to.count > count { destination.append((to.count / count, to.stride * count)) }
            }
            return source.isEmpty && destination.isEmpty ? loops : nil
        }
    }
}

extension MemoryDescriptor {
    /// Whether each element lies in the same place, though the layouts may have other names: one block of
    /// all 16 channels is row-major.
    func hasSameBytes(as other: MemoryDescriptor) -> Bool {
        if isSame(as: other) { return true }
        guard let loops = StridedCopy.Loop.common(self, other) else { return false }
        return loops.allSatisfy { $0.source == $0.destination }
    }
}
