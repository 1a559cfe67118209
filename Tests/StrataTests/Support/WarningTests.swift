import Foundation
import Logging
import Testing

@testable import Strata

/// A host application's handler: a line on standard output for each event.
private struct HostLog: LogHandler {
    let label: String
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    init(_ label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        Console.write("\(label)|\(event.level)|\(event.source)|\(event.message)\n")
    }
}

private let text =
    "EarlyStopping monitors val_loss, but there are only: loss; give fit validationData or "
    + "validationSplit, or monitor another quantity"

/// Trains with a callback that watches what is not there, which is one warning.
private func trainWithWarning() throws {
    let model = try Sequential {
        Input(shape: [1])
        Dense(1)
    }
    try model.compile(optimizer: SGD(), loss: .meanSquaredError)
    let x = Tensor([1], shape: [1, 1])
    try model.fit(x, x, epochs: 2, verbose: .silent, callbacks: [EarlyStopping()])
}

// A process has one logging system, and bootstraps it once: each test has a process of its own.
@Suite struct WarningTests {
    @Test func `a host application's handler receives a warning, and standard error nothing`()
        async throws
    {
        let result = try await #require(
            processExitsWith: .success,
            observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            LoggingSystem.bootstrap(HostLog.init)
            try trainWithWarning()
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains("strata|warning|Strata|\(text)\n"))
        #expect(output.components(separatedBy: "|warning|").count == 2)
        let errors = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(!errors.contains("EarlyStopping"))
    }

    @Test func `a handler that is bootstrapped after the first warning receives the second`()
        async throws
    {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            warn("first")
            LoggingSystem.bootstrap(HostLog.init)
            warn("second")
        }
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(output.contains("strata|warning|StrataTests|second\n"))
        #expect(!output.contains("first"))
    }

    @Test func `without a handler a warning is on standard error`() async throws {
        let result = try await #require(
            processExitsWith: .success,
            observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            try trainWithWarning()
        }
        let errors = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(errors.contains(" warning strata: [Strata] \(text)\n"))
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        #expect(!output.contains("EarlyStopping"))
    }
}
