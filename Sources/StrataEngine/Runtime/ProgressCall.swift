internal import StrataGraph

/// A call between two steps that lets sums over the ranks go on.
final class ProgressCall {
    private let communicator: any Communicator

    init(_ communicator: any Communicator) { self.communicator = communicator }

    var bound: BoundKernel {
        BoundKernel(
            { argument in
                guard let argument else { return 1 }
                let call = Unmanaged<ProgressCall>.fromOpaque(argument).takeUnretainedValue()
                call.communicator.progress()
                return 0
            }, at: Unmanaged.passUnretained(self).toOpaque(), owners: [self])
    }
}
