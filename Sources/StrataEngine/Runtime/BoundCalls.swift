internal import CKernels
internal import COneDNN

/// Primitives that run side by side, one on each thread.
final class BoundCalls {
    let calls: UnsafeMutablePointer<ck_calls>
    private let primitives: [BoundPrimitive]
    private let arguments: UnsafeMutableBufferPointer<UnsafeRawPointer?>
    private let areTaken: UnsafeMutableBufferPointer<Int32>

    init(_ primitives: [BoundPrimitive]) {
        self.primitives = primitives
        arguments = .allocate(capacity: primitives.count)
        _ = arguments.initialize(from: primitives.map { UnsafeRawPointer($0.call) })
        areTaken = .allocate(capacity: primitives.count)
        areTaken.initialize(repeating: 0)
        calls = .allocate(capacity: 1)
        calls.initialize(
            to: ck_calls(
                count: Int64(primitives.count), function: { strata_execute($0) },
                arguments: UnsafePointer(arguments.baseAddress), are_taken: areTaken.baseAddress))
    }

    deinit {
        arguments.deallocate()
        areTaken.deallocate()
        calls.deallocate()
    }
}
