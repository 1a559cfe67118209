import Foundation
import Strata
import StrataSearch

/// What `strata search` shows and writes at its end.
struct SearchReport {
    let folder: String
    let task: SearchTask
    let output: String

    /// - Parameter isOver: whether the search has come to its end, so that the test images are
    ///   looked at.
    func show(isOver: Bool) throws {
        let search = HyperparameterSearch(task.hyperModel, in: folder)
        let results = try search.results()
        let width = TerminalWindow()?.columns ?? 100
        print("\n" + results.table(width: width) + "\n\n" + results.summary)
        try results.write(to: folder)
        guard let best = results.best().first else { return }
        print("\n" + results.importanceTable)
        let model = try search.bestModel()
        try ModelFile(path: output).save(model)
        print("\nSaved \(output), the model of trial \(best.number)")
        var result: [String: JSONValue] = ["trial": .integer(best.number)]
        if let (epoch, value) = best.best(results.direction) {
            result["epoch"] = .integer(epoch)
            result[results.objective] = .float(value)
        }
        if isOver, let test = try task.test() {
            let logs = try model.evaluate(test.x, test.y, batchSize: 128, verbose: .silent)
            for name in logs.keys { result["test_\(name)"] = .float(logs[name] ?? .nan) }
            print(
                "test accuracy \((logs["accuracy"] ?? .nan).metricText) on \(test.count) pictures")
        }
        let source = try task.swiftSource(best)
        try FileContents.write(
            Array((JSONValue.object(result).text + "\n").utf8), to: "\(folder)/result.json")
        try FileContents.write(Array(source.utf8), to: "\(folder)/best.swift")
        print("\nThe network as a program, also in \(folder)/best.swift:\n\n\(source)")
    }
}
