/// The ranks that compute a graph together, each on its share of the samples.
///
/// One process or thread is one rank. All ranks start their sums in the same order, so that the first
/// of one belongs to the first of each other; each waits for them in an order of its own. Nothing
/// here allocates or throws: the calls are steps of a plan, made by the thread that runs it.
package protocol Communicator: AnyObject, Sendable {
    /// This rank's number, from 0 on.
    var rank: Int { get }

    /// The number of ranks.
    var rankCount: Int { get }

    /// Starts to sum values of all ranks, element by element and in place, without waiting for it.
    ///
    /// - Parameters:
    ///   - request: the number of the sum, from 0 on and different from those in flight.
    ///   - values: memory that nobody else reads or writes until ``finishSum(_:)``.
    ///   - count: the number of elements, equal for all ranks.
    ///   - dtype: `float32` or `bfloat16`.
    /// - Returns: false if it could not be started; ``failure`` says why.
    func startSum(
        _ request: Int, _ values: UnsafeMutableRawPointer, count: Int, dtype: DType
    ) -> Bool

    /// Lets the sums that were started go on; cheap, and called between the steps of a plan.
    func progress()

    /// Waits for a sum.
    ///
    /// - Returns: false if it failed; ``failure`` says why.
    func finishSum(_ request: Int) -> Bool

    /// Why a call returned false.
    var failure: String? { get }
}
