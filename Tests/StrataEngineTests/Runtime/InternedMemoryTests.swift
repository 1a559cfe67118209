import Testing

@testable import StrataEngine

@Suite struct InternedMemoryTests {
    @Test func `memory that nobody uses leaves nothing behind`() throws {
        var interned = InternedMemory()
        let kept = interned.intern(try TensorMemory(byteCount: 64))
        for size in 1...1000 { _ = interned.intern(try TensorMemory(byteCount: size * 64)) }
        #expect(interned.byteCount == 64)
        interned.removeFreed()
        #expect(interned.count == 1)
        #expect(interned.intern(try TensorMemory(byteCount: 64)) === kept)
    }
}
