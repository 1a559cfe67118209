#if MPI
internal import CMPI
internal import Glibc
internal import Strata
internal import Synchronization

/// A thread at each rank that notices when one dies or stalls, which MPI does not tell.
///
/// Each rank has a connection to rank 0, which decides for all.
final class Monitor: Sendable {
    let meeting: Meeting
    let sockets: [Int32]

    /// How often ranks hear of one another, in milliseconds.
    let interval: Int

    /// Sums and messages that this rank has started, and those that it has finished.
    private let stepCount = Atomic<Int>(0)
    /// Since when this rank has been waiting for the others; 0 if it is not.
    private let waitingSince = Atomic<Int>(0)
    private let isLeaving = Atomic<Bool>(false)
    private let isBusy = Atomic<Bool>(false)
    private let hasFailed = Atomic<Bool>(false)
    /// Whether a call of this rank has returned the failure.
    private let isNoticed = Atomic<Bool>(false)
    private let outcome = Mutex<DistributionError?>(nil)
    private let reason = Mutex<String?>(nil)

    /// For how long the others' failure may be unnoticed, in milliseconds.
    private static let grace = 3000
    private static let exitStatus: Int32 = 75

    var rank: Int { meeting.rank }

    /// A little less than the limit, as what others tell is as old as the interval.
    private var deadline: Int { meeting.limit - 2 * interval }

    private init(_ meeting: Meeting, sockets: [Int32]) {
        self.meeting = meeting
        self.sockets = sockets
        interval = min(1000, meeting.limit / 8)
    }

    /// - Parameter links: to rank 0, or at rank 0 to each other.
    static func start(_ meeting: Meeting, _ links: [Link]) throws(DistributionError) -> Monitor {
        let monitor = Monitor(meeting, sockets: links.map(\.socket))
        let start = Unmanaged.passRetained(Start(monitor: monitor, links: links))
        let code = strata_mpi_start_thread(
            { data in
                guard let data else { return }
                let start = Unmanaged<Start>.fromOpaque(data).takeRetainedValue()
                start.monitor.run(start.links)
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw DistributionError(
                "the thread that watches the ranks cannot be started",
                fix: "allow the process more threads or memory (ulimit -u, ulimit -v)")
        }
        return monitor
    }

    private final class Start {
        let monitor: Monitor
        let links: [Link]

        init(monitor: Monitor, links: [Link]) {
            self.monitor = monitor
            self.links = links
        }
    }

    // MARK: For the rank's own thread

    /// Why the ranks cannot go on; `nil` as long as they can.
    var failure: DistributionError? {
        guard hasFailed.load(ordering: .acquiring) else { return nil }
        isNoticed.store(true, ordering: .relaxed)
        return outcome.withLock { $0 }
    }

    func countStep() { stepCount.add(1, ordering: .relaxed) }

    /// While it is busy, a rank counts as one that goes on.
    func setBusy(_ isBusy: Bool) { self.isBusy.store(isBusy, ordering: .relaxed) }

    func beginWaiting() {
        waitingSince.store(Int(strata_mpi_milliseconds()), ordering: .relaxed)
    }

    func endWaiting() { waitingSince.store(0, ordering: .relaxed) }

    /// Tells the others that this rank ends well.
    func leave() {
        isLeaving.store(true, ordering: .relaxed)
        for socket in sockets { Link(socket).send(Frame(kind: .goodbye)) }
    }

    /// Tells the others why this rank gives up, and waits shortly until they know.
    ///
    /// - Returns: what the ranks agree upon, which may be an earlier failure.
    func abandon(_ text: String) -> DistributionError {
        reason.withLock { $0 = text }
        return awaitFailure(interval + 1000)
            ?? Verdict.abandoned(rank: rank, reason: text)
            .error(hosts: meeting.hosts, limit: meeting.limit)
    }

    /// An error of MPI has the death of a rank as its cause most often, which may not be known yet.
    func abandon(afterMPIError text: String) -> DistributionError {
        awaitFailure(2 * interval + 500) ?? abandon("MPI failed: \(text)")
    }

    private func awaitFailure(_ milliseconds: Int) -> DistributionError? {
        for _ in 0..<milliseconds / 10 {
            if let failure { return failure }
            usleep(10_000)
        }
        return failure
    }

    // MARK: For the monitor's thread

    private func run(_ links: [Link]) {
        if rank == 0 { decide(links) } else { follow(links[0]) }
        awaitEnd()
    }

    /// The beat of this rank.
    private func beat(_ now: Int) -> Frame {
        if isBusy.load(ordering: .relaxed) { countStep() }
        let since = waitingSince.load(ordering: .relaxed)
        return Frame(
            kind: .beat, first: stepCount.load(ordering: .relaxed),
            second: since == 0 ? 0 : max(now - since, 1))
    }

    /// Rank 0: until there is a verdict, which all others get.
    private func decide(_ opened: [Link]) {
        var links = opened
        var nextBeat = 0
        var now = Int(strata_mpi_milliseconds())
        var watch = RankWatch(rankCount: links.count + 1, limit: deadline, now: now)
        while true {
            let open = links.filter(\.isOpen).map(\.socket)
            strata_mpi_poll(open, Int32(open.count), 20)
            let before = now
            now = Int(strata_mpi_milliseconds())
            if now - before >= deadline { return failStopped() }
            var verdict: Verdict?
            for index in links.indices where links[index].isOpen {
                let rank = index + 1
                for frame in links[index].receive() {
                    switch frame.kind {
                    case .beat:
                        watch.hear(
                            rank, stepCount: frame.first, waited: frame.second, now: now)
                    case .goodbye: watch.leave(rank)
                    case .abandon:
                        verdict = verdict ?? .abandoned(rank: rank, reason: frame.text)
                    case .hello, .welcome, .verdict: break
                    }
                }
                if !links[index].isOpen, !watch.ranks[rank].hasLeft, !isTerminated {
                    verdict = verdict ?? .died(rank: rank)
                }
            }
            if let text = reason.withLock({ $0 }) {
                verdict = verdict ?? .abandoned(rank: 0, reason: text)
            }
            let own = beat(now)
            watch.hear(0, stepCount: own.first, waited: own.second, now: now)
            if isLeaving.load(ordering: .relaxed) { watch.leave(0) }
            if let verdict = verdict ?? watch.verdict(now: now) {
                let error = verdict.error(hosts: meeting.hosts, limit: meeting.limit)
                report(error)
                let frame = Frame(kind: .verdict, text: "\(error.problem)\n\(error.fix)")
                for link in links where link.isOpen { link.send(frame) }
                return fail(error)
            }
            guard now >= nextBeat else { continue }
            nextBeat = now + interval
            for link in links where link.isOpen { link.send(own) }
        }
    }

    /// The others: until rank 0 has a verdict, or is no more.
    private func follow(_ opened: Link) {
        var link = opened
        var nextBeat = 0
        var hasLeft = false
        var now = Int(strata_mpi_milliseconds())
        var heardAt = now
        while true {
            strata_mpi_poll([link.socket], link.isOpen ? 1 : 0, 20)
            let before = now
            now = Int(strata_mpi_milliseconds())
            if now - before >= deadline { return failStopped() }
            for frame in link.receive() {
                heardAt = now
                if frame.kind == .goodbye { hasLeft = true }
                if frame.kind == .verdict {
                    let lines = frame.text.split(separator: "\n").map(String.init)
                    return fail(DistributionError(lines.first ?? "", fix: lines.last ?? ""))
                }
            }
            if !hasLeft, !isTerminated {
                if !link.isOpen { return replaceFirst(.died(rank: 0)) }
                if now - heardAt >= deadline { return replaceFirst(.silent(rank: 0)) }
            }
            if let text = reason.withLock({ $0 }) {
                link.send(Frame(kind: .abandon, text: text))
                reason.withLock { $0 = nil }
            }
            guard now >= nextBeat else { continue }
            nextBeat = now + interval
            link.send(beat(now))
        }
    }

    /// Without rank 0, the lowest rank that is left says so.
    private func replaceFirst(_ verdict: Verdict) {
        let error = verdict.error(hosts: meeting.hosts, limit: meeting.limit)
        if !(1..<rank).contains(where: meeting.isAlive) { report(error) }
        // mpirun ends all as soon as one ends, and the others may not have noticed yet.
        usleep(UInt32(2 * interval) * 1000)
        fail(error)
    }

    /// A process that was stopped for so long is what the others have given up for, and have said so.
    private func failStopped() {
        fail(Verdict.silent(rank: rank).error(hosts: meeting.hosts, limit: meeting.limit))
    }

    /// mpirun ends all ranks; those that end before this one are not the cause.
    private var isTerminated: Bool { strata_mpi_terminating_for() > 300 }

    private func report(_ error: DistributionError) {
        // One write, so that nothing of others comes between.
        let text = Array("strata: \(error.problem); \(error.fix)\n".utf8)
        _ = write(STDERR_FILENO, text, text.count)
    }

    private func fail(_ error: DistributionError) {
        outcome.withLock { $0 = error }
        hasFailed.store(true, ordering: .releasing)
        strata_mpi_settle()
    }

    /// Ends a process whose thread does not come back from MPI, or from what it does.
    private func awaitEnd() {
        usleep(UInt32(Self.grace) * 1000)
        if !isNoticed.load(ordering: .relaxed) { _exit(Self.exitStatus) }
    }
}
#endif
