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
/// `plot_model`; layers within layers are one box.
///
/// - Parameters:
///   - model: the model.
///   - path: the file, which ends in `.png`, `.svg` or `.dot`.
///   - showShapes: whether the shapes of inputs and outputs are shown.
///   - showDType: whether the type in which a layer computes is shown.
///   - showLayerNames: whether a layer's name stands before its class.
///   - direction: in which direction data flows.
///   - showLayerActivations: whether activation functions are shown.
///   - showTrainable: whether it is shown which layers are trained.
/// - Throws: a ``ModelError`` where the model does not know its input's shape yet; ``DataError`` for
///   another ending; ``FileError`` where the file cannot be written.
public func plotModel(
    _ model: Model, to path: String = "model.png", showShapes: Bool = false,
    showDType: Bool = false,
    showLayerNames: Bool = false, direction: DiagramDirection = .topToBottom,
    showLayerActivations: Bool = false, showTrainable: Bool = false
) throws {
    let diagram = try ModelDiagram(
        model,
        DiagramOptions(
            shapes: showShapes, dtypes: showDType, layerNames: showLayerNames,
            activations: showLayerActivations, trainable: showTrainable,
            isLeftToRight: direction == .leftToRight))
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if ending == "dot" {
        try FileContents.write(Array(diagram.dot.utf8), to: path)
    } else if ["png", "svg"].contains(ending), let bytes = Graphviz.picture(diagram.dot, as: ending)
    {
        try FileContents.write(bytes, to: path)
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
    static func picture(_ text: String, as format: String) -> [UInt8]? {
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
            // 144 dots an inch, as sharp as Strata's own pictures.
            process.arguments =
                ["-T\(format)"] + (format == "png" ? ["-Gdpi=144"] : [])
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
