internal import Foundation
public import Strata

/// The direction of a model diagram.
public enum DiagramDirection: String, Sendable, Hashable, CaseIterable {
    case topToBottom = "TB"
    case leftToRight = "LR"
}

/// Draws a diagram of a model's layers and connections.
///
/// Graphviz lays the diagram out if its program `dot` is installed, otherwise Strata does. A path
/// that ends in `.dot` gets the source for Graphviz. Arguments and defaults are those of Keras
/// 3.15.1's `plot_model`.
///
/// - Parameters:
///   - model: the model.
///   - toFile: the file, which ends in `.png`, `.svg` or `.dot`.
///   - showShapes: whether the shapes of inputs and outputs are shown.
///   - showDType: whether a layer's compute type is shown.
///   - showLayerNames: whether a layer's name stands before its class.
///   - rankdir: the direction of data flow.
///   - expandNested: whether the layers of nested models are shown, in a frame with the name.
///   - dpi: pixels per inch of a PNG, 1 to 2400; small text is 12 points high.
///   - showLayerActivations: whether activation functions are shown.
///   - showTrainable: whether it is shown which layers are trainable.
/// - Throws: a ``ModelError`` if the model's input shape is not known yet; ``DataError`` for
///   another file extension; ``FileError`` if the file cannot be written.
public func plotModel(
    _ model: Model, toFile path: String = "model.png", showShapes: Bool = false,
    showDtype: Bool = false, showLayerNames: Bool = false,
    rankdir: DiagramDirection = .topToBottom, expandNested: Bool = false, dpi: Int = 200,
    showLayerActivations: Bool = false, showTrainable: Bool = false
) throws {
    guard (1...2400).contains(dpi) else {
        throw DataError.invalidArgument("dpi is \(dpi)", fix: "use 1 to 2400, such as 200")
    }
    let diagram = try ModelDiagram(
        model,
        DiagramOptions(
            shapes: showShapes, dtypes: showDtype, layerNames: showLayerNames,
            activations: showLayerActivations, trainable: showTrainable,
            isLeftToRight: rankdir == .leftToRight, nested: expandNested))
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if ending == "dot" {
        try FileContents.write(Array(diagram.dot.utf8), to: path)
    } else if ["png", "svg"].contains(ending),
        let bytes = Graphviz.picture(diagram.dot, as: ending, dpi: dpi)
    {
        try FileContents.write(bytes, to: path)
    } else if ending == "png" {
        try FileContents.write(diagram.drawing().png(scale: Double(dpi) / 72), to: path)
    } else {
        try diagram.drawing().write(to: path)
    }
}

extension Model {
    /// A diagram of the model's layers and connections, with names, shapes and types, laid out by
    /// Strata.
    ///
    /// - Throws: a ``ModelError`` if the model's input shape is not known yet.
    public func diagram(direction: DiagramDirection = .topToBottom) throws -> Drawing {
        var options = DiagramOptions(shapes: true, dtypes: true, layerNames: true)
        options.isLeftToRight = direction == .leftToRight
        return try ModelDiagram(self, options).drawing()
    }
}

/// The Graphviz program, if it is installed.
private enum Graphviz {
    /// The time limit, in seconds, after which Strata draws the diagram itself.
    private static let patience = 30.0

    /// The bytes of the picture; `nil` if Graphviz is missing or fails.
    static func picture(_ text: String, as format: String, dpi: Int) -> [UInt8]? {
        guard let program else { return nil }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("strata-diagram-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (
            folder.appendingPathComponent("model.dot"), folder.appendingPathComponent("picture")
        )
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: source)
            let process = Process()
            process.executableURL = program
            process.arguments =
                ["-T\(format)"] + (format == "png" ? ["-Gdpi=\(dpi)"] : [])
                + ["-o", target.path, source.path]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            let end = Date(timeIntervalSinceNow: patience)
            while process.isRunning, Date() < end { usleep(5000) }
            if process.isRunning {
                process.terminate()
                return nil
            }
            guard process.terminationStatus == 0 else { return nil }
            return Array(try Data(contentsOf: target))
        } catch {
            return nil
        }
    }

    private static var program: URL? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent("dot") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
