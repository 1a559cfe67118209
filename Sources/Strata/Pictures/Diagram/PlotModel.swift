internal import Foundation

/// In which direction a diagram of a model runs.
public enum DiagramDirection: String, Sendable, Hashable, CaseIterable {
    case topToBottom = "TB"
    case leftToRight = "LR"
}

/// Draws a model's layers and how they are connected.
///
/// Graphviz lays the diagram out where its program `dot` is installed, else Strata does itself. A path that
/// ends in `.dot` gets the text that Graphviz reads. Arguments and defaults are those of Keras 3.15.1's
/// `plot_model`.
///
/// - Parameters:
///   - model: the model.
///   - toFile: the file, which ends in `.png`, `.svg` or `.dot`.
///   - showShapes: whether the shapes of inputs and outputs are shown.
///   - showDType: whether the type in which a layer computes is shown.
///   - showLayerNames: whether a layer's name stands before its class.
///   - rankdir: in which direction data flows.
///   - expandNested: whether the layers of a model in the model are shown, in a frame with its name.
///   - dpi: pixels in an inch of a PNG, 1 to 2400; what is written small is 12 points high, 72 of which are
///     an inch.
///   - showLayerActivations: whether activation functions are shown.
///   - showTrainable: whether it is shown which layers are trained.
/// - Throws: a ``ModelError`` where the model does not know its input's shape yet; ``DataError`` for
///   another ending; ``FileError`` where the file cannot be written.
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
    /// The model's layers and how they are connected, with names, shapes and types, laid out by Strata
    /// itself.
    ///
    /// - Throws: a ``ModelError`` where the model does not know its input's shape yet.
    public func diagram(direction: DiagramDirection = .topToBottom) throws -> Drawing {
        var options = DiagramOptions(shapes: true, dtypes: true, layerNames: true)
        options.isLeftToRight = direction == .leftToRight
        return try ModelDiagram(self, options).drawing()
    }
}

/// The program that draws graphs, where it is installed.
private enum Graphviz {
    /// Seconds after which a diagram is drawn without it.
    private static let patience = 30.0

    /// The bytes of the picture; `nil` where there is no Graphviz, or it fails.
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
