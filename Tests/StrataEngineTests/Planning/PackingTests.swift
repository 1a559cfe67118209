import Testing

@testable import StrataEngine

/// Where buffers lie in memory that they have in turn.
@Suite struct PackingTests {
    private func packing(
        _ buffers: [(first: Int, last: Int, byteCount: Int)], budget: Int? = nil
    ) -> Packing {
        Packing(
            buffers.enumerated().map { number, buffer in
                let lifetime = Packing.Lifetime(
                    first: buffer.first, last: buffer.last, byteCount: buffer.byteCount)
                return (number, lifetime)
            }, budget: budget)
    }

    @Test func `a value lies around the middle of one that is dead by then`() {
        let packing = packing([(0, 1, 1024), (2, 3, 256)], budget: 1024)
        #expect(packing.offsets == [0: 0, 1: 384])
        #expect(packing.byteCount == 1024)
    }

    @Test func `without a budget buffers lie as low as they can`() {
        let packing = packing([(0, 1, 1024), (2, 3, 256), (1, 2, 128)])
        #expect(packing.offsets == [0: 0, 1: 0, 2: 1024])
    }

    @Test func `where no middle is free new memory is taken as far as the budget goes`() {
        let buffers = [(0, 1, 1024), (2, 3, 512), (2, 3, 512)]
        #expect(packing(buffers, budget: 1536).offsets == [0: 0, 1: 256, 2: 1024])
        // 256 free bytes on either side are too few.
        #expect(packing(buffers, budget: 1024).offsets == [0: 0, 1: 256, 2: 768])
    }

    @Test func `buffers that share memory with each other are all kept clear of`() {
        let buffers = [(0, 1, 1024), (2, 3, 512), (3, 3, 256), (3, 3, 256), (1, 2, 256)]
        #expect(
            packing(buffers, budget: 1024).offsets == [0: 0, 1: 256, 2: 0, 3: 768, 4: 1024])
    }

    @Test func `offsets are multiples of a cache line`() {
        let packing = packing([(0, 1, 1000), (2, 3, 300), (2, 3, 100)], budget: 1 << 20)
        #expect(packing.offsets.values.allSatisfy { $0 % Packing.alignment == 0 })
    }

    @Test(arguments: 1...40)
    func `no two that are alive together overlap`(seed: Int) {
        var state = UInt64(seed)
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let buffers = (0..<60).map { _ in
            let first = draw(50)
            return (first: first, last: first + draw(30), byteCount: 1 + draw(5000))
        }.sorted { $0.byteCount > $1.byteCount }
        let tight = packing(buffers)
        for packing in [tight, packing(buffers, budget: tight.byteCount + 8192)] {
            for (one, a) in buffers.enumerated() {
                for (other, b) in buffers.enumerated().dropFirst(one + 1)
                where a.first <= b.last && b.first <= a.last {
                    let (low, high) = (packing.offsets[one] ?? -1, packing.offsets[other] ?? -1)
                    #expect(low + a.byteCount <= high || high + b.byteCount <= low)
                }
            }
        }
    }
}
