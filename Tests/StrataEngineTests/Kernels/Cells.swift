import CKernels
import Foundation
import Testing

/// Memory that a kernel reads or writes.
final class Cells<Element>: Written {
    let base: UnsafeMutablePointer<Element>
    private let initial: [Element]

    init(_ values: [Element]) {
        initial = values
        base = .allocate(capacity: max(values.count, 1))
        base.initialize(from: values, count: values.count)
    }

    deinit { base.deallocate() }

    var values: [Element] { Array(UnsafeBufferPointer(start: base, count: initial.count)) }
    var pointer: UnsafePointer<Element> { UnsafePointer(base) }
    var bytes: UnsafeMutablePointer<CChar> {
        UnsafeMutableRawPointer(base).assumingMemoryBound(to: CChar.self)
    }

    var bits: Data {
        Data(bytes: base, count: initial.count * MemoryLayout<Element>.stride)
    }

    func reset() { base.update(from: initial, count: initial.count) }
}

/// What a kernel writes.
protocol Written: AnyObject {
    /// The memory's bits, by which NaN is equal to itself.
    var bits: Data { get }
    /// Writes the initial values again.
    func reset()
}

extension Cells where Element == Float {
    /// Results before a kernel has written them: values that no test expects.
    static func unwritten(_ count: Int) -> Cells { Cells([Float](repeating: 9e9, count: count)) }

    var doubles: [Double] { values.map(Double.init) }
}

/// Calls a kernel, as a plan does.
func call<Arguments>(
    _ function: (UnsafeRawPointer?) -> Int32, _ arguments: Arguments,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let status = withUnsafePointer(to: arguments) { function(UnsafeRawPointer($0)) }
    #expect(status == 0, sourceLocation: sourceLocation)
}

/// Calls a kernel in one thread, and then in a team, which has to write the same bits.
func call<Arguments>(
    _ function: @escaping (UnsafeRawPointer?) -> Int32, _ arguments: Arguments,
    reading sources: [AnyObject], writing results: [any Written],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    onOtherThread(team: 1) { call(function, arguments, sourceLocation: sourceLocation) }
    let alone = results.map(\.bits)
    for result in results { result.reset() }
    call(function, arguments, sourceLocation: sourceLocation)
    #expect(results.map(\.bits) == alone, sourceLocation: sourceLocation)
    withExtendedLifetime((sources, results)) {}
}

/// Does work on a new thread, and waits for it.
///
/// - Parameter count: the size of its team; 0 for that of all threads.
func onOtherThread(team count: Int = 0, _ work: @escaping () -> Void) {
    nonisolated(unsafe) let work = work
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
        if count > 0 { strata_use_threads(Int32(count)) }
        work()
        done.signal()
    }
    done.wait()
}

/// Values in no order, some negative, none alike.
func sample(_ count: Int) -> [Float] {
    (0..<count).map { Float(($0 * 7 + 3) % 31) / 4 - 3 + Float($0) / 1024 }
}

/// Integers from -limit to limit in no order.
///
/// Sums of their products are exact in float32 up to 2²⁴, in any order.
func integers(_ count: Int, limit: Int, times factor: Float = 1) -> [Float] {
    (0..<count).map { index in
        let value: Int = (index * index + index * 5 + 1) % 101 % (2 * limit + 1)
        return Float(value - limit) * factor
    }
}

/// Whether values are those that `Double` gives, but for some units in the last place of them, or of `magnitude` if
/// that is larger; NaN where those are NaN.
func expect(
    _ got: [Float], _ expected: [Double], units: Double = 4, magnitude: Double = 1,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(got.count == expected.count, sourceLocation: sourceLocation)
    for (index, (a, b)) in zip(got, expected).enumerated() {
        let isSame =
            Float(b).isNaN
            ? a.isNaN
            : a == Float(b) || abs(Double(a) - b) <= units * 0x1p-24 * max(abs(b), magnitude)
        // Only failures are recorded: an expectation for each element would take most of the time.
        if !isSame {
            Issue.record("element \(index) is \(a), not \(b)", sourceLocation: sourceLocation)
        }
    }
}
