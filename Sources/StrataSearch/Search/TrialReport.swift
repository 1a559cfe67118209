internal import Foundation
internal import Strata

/// Reports the epochs of a trial to the journal, and ends training where a limit is reached.
///
/// It comes before the backup: an epoch is in the journal before its state is saved, so that after
/// a kill at any moment the journal has at least the epochs that training goes on from.
final class TrialReport: Callback {
    /// Why training ended before its last epoch.
    enum End: Equatable {
        /// The search ends, or was asked to.
        case interrupted
        case diverged(String)
        /// Training to the end would take too long.
        case tooSlow(String)
    }

    private let segment: TrialSegment
    private var epochStart = Date()
    private var batchStart = Date()
    /// The shortest time of a batch in seconds, which what else the machine does changes little.
    private var shortestBatch = Double.infinity
    private(set) var end: End?

    init(_ segment: TrialSegment) {
        self.segment = segment
    }

    override func onEpochBegin(_ epoch: Int) {
        epochStart = Date()
        // What is drawn in an epoch is the same whether training was interrupted before or not.
        setRandomSeed(RandomGenerator.derived(segment.seed, salt: UInt64(epoch) + 1))
    }

    override func onTrainBatchBegin(_ batch: Int) { batchStart = Date() }

    override func onTrainBatchEnd(_ batch: Int, logs: Logs) {
        shortestBatch = min(shortestBatch, Date().timeIntervalSince(batchStart))
        if let loss = logs["loss"], !loss.isFinite {
            let value = loss.isNaN ? "NaN" : "infinite"
            finish(.diverged("the loss became \(value) in batch \(batch + 1)"))
        } else if segment.isOver() {
            finish(.interrupted)
        } else if let reason = tooSlow(batch) {
            finish(.tooSlow(reason))
        }
    }

    override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        // An epoch that was not completed is trained again.
        guard end == nil, let model else { return }
        try segment.report(
            epoch: epoch + 1, logs, of: model, seconds: Date().timeIntervalSince(epochStart))
    }

    private func finish(_ end: End) {
        self.end = end
        model?.stopRequest.set()
    }

    /// Ends training after a completed and saved epoch.
    fileprivate func interrupt() { finish(.interrupted) }

    /// Why the model would take too long, once the first batches have shown how fast it is.
    private func tooSlow(_ batch: Int) -> String? {
        guard let limit = segment.secondsLimit, segment.isFirstEpoch, parameters.steps > 0,
            batch >= 4, Date().timeIntervalSince(epochStart) > 1
        else { return nil }
        let whole = shortestBatch * Double(parameters.steps) * Double(segment.mostEpochs)
        guard whole > limit else { return nil }
        return
            "\(segment.mostEpochs) epochs would take \(Int(whole)) s, and a third of the search's "
            + "time is \(Int(limit)) s"
    }
}

/// Ends training where the budget is used up, once the backup has the epoch.
final class EpochLimit: Callback {
    private let segment: TrialSegment
    private let report: TrialReport

    init(_ segment: TrialSegment, _ report: TrialReport) {
        self.segment = segment
        self.report = report
    }

    override func onEpochEnd(_ epoch: Int, logs: Logs) {
        if report.end == nil, segment.isOver(afterEpoch: true) { report.interrupt() }
    }
}
