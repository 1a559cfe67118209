internal import CKernels

/// The threads that oneDNN and the loops beside it work on: one OpenMP team.
package enum Threads {
    /// How many threads work; at first the cores that the process may use.
    ///
    /// It counts for plans that are made afterwards, on any thread. A plan divides its work for the
    /// number there was when it was made.
    package static var count: Int {
        get { Int(strata_threads()) }
        set { strata_set_threads(Int32(clamping: max(newValue, 1))) }
    }

    /// Makes the calling thread plan and run with a team of its own of this size from now on, whatever
    /// ``count`` is: for threads beside another team, from which theirs would take the cores.
    package static func use(_ count: Int) { strata_use_threads(Int32(clamping: max(count, 1))) }

    /// Until ``leavePlan(_:)``, the calling thread makes or runs a plan with the team that it is for, whatever
    /// ``count`` other threads set meanwhile.
    ///
    /// - Parameter count: of the plan; fewer work if the calling thread was given fewer by ``use(_:)``.
    /// - Returns: what ``leavePlan(_:)`` takes.
    static func enterPlan(of count: Int) -> Int32 { strata_enter_plan(Int32(clamping: count)) }

    static func leavePlan(_ before: Int32) { strata_leave_plan(before) }

    /// The size of the calling thread's team, for which oneDNN makes what it makes.
    static var teamSize: Int { Int(strata_exchange_team_size(0)) }

    /// What `make` makes is for a team of this size.
    static func inTeam<R>(
        of size: Int, _ make: () throws(EngineError) -> R
    ) throws(EngineError) -> R {
        let before = strata_exchange_team_size(Int32(clamping: size))
        defer { _ = strata_exchange_team_size(before) }
        return try make()
    }

    /// Lets the process's threads share an arena of the C library's heap for each of ``count``.
    ///
    /// glibc makes up to eight for each core. What one has free the others cannot use, and a model is made by one
    /// thread and freed by another. For programs, before they start threads.
    package static func shareArenas() { _ = strata_share_arenas(Int32(clamping: count)) }

    /// Gives the memory that the C library's heap keeps for later back to the system.
    ///
    /// What a model took lies free between what is in use, and the next one may not fit there.
    package static func trimHeap() { _ = strata_trim_heap() }

    /// Makes the calling thread work with that many.
    static func prepare() { strata_prepare_threads() }
}
