internal import Foundation
internal import StrataONNX

/// A TensorBoard event file: records with checksums.
///
/// Sources: tensorflow.org, "TFRecord and tf.train.Example"; the messages `Event`, `Summary` and
/// `TensorProto` of github.com/tensorflow/tensorboard, folder `compat/proto`, whose field numbers
/// are below.
final class EventFile {
    private let path: String
    /// Records that are not written yet.
    private var pending: [UInt8] = []

    /// The TensorBoard plugin of a value.
    private enum Plugin {
        case scalars
        case histograms
        case images
        case kerasGraph

        var name: String {
            switch self {
            case .scalars: "scalars"
            case .histograms: "histograms"
            case .images: "images"
            case .kerasGraph: "graph_keras_model"
            }
        }

        /// The version of the plugin's format, if it has one.
        var content: [UInt8] {
            switch self {
            case .scalars, .histograms, .images: []
            case .kerasGraph: Array("1".utf8)
            }
        }

        /// `DataClass`: 1 for scalars, 2 for tensors.
        var dataClass: Int? {
            switch self {
            case .scalars: 1
            case .histograms: 2
            case .images, .kerasGraph: nil
            }
        }
    }

    /// Creates a file in a folder, with a name that TensorBoard finds.
    init(inFolder folder: String) throws {
        try FileContents.createFolder(folder, fix: "name another folder for the logs")
        let process = ProcessInfo.processInfo
        let seconds = Int(Date().timeIntervalSince1970)
        // Two files of one process and second need different names.
        let number = Int.random(in: 0..<1_000_000)
        let name =
            "events.out.tfevents.\(seconds).\(process.hostName).\(process.processIdentifier)"
            + ".\(number).v2"
        path = "\(folder)/\(name)"
        try FileContents.write([], to: path)
        var event = Self.event(step: nil)
        event.append(3, "brain.Event:2")
        add(event)
        try flush()
    }

    /// A scalar at a step.
    func addScalar(_ tag: String, _ value: Float, step: Int) {
        var tensor = Self.tensor(type: 1, shape: [])
        tensor.append(5, ProtocolBuffer.littleEndian(value.bitPattern))
        add(tag, tensor, .scalars, step: step)
    }

    /// A histogram at a step.
    func addHistogram(_ tag: String, _ values: [Float], step: Int) {
        let buckets = Histogram(values).buckets
        var tensor = Self.tensor(type: 2, shape: [buckets.count, 3])
        tensor.append(
            4,
            buckets.flatMap { bucket in
                [bucket.start, bucket.end, bucket.count].flatMap {
                    ProtocolBuffer.littleEndian($0.bitPattern)
                }
            })
        add(tag, tensor, .histograms, step: step)
    }

    /// Images of one size, as PNG files.
    func addImages(_ tag: String, _ images: WeightImages, step: Int) throws {
        let texts = ["\(images.width)", "\(images.height)"].map { Array($0.utf8) }
        let files = try images.files
        var tensor = Self.tensor(type: 7, shape: [texts.count + files.count])
        for text in texts + files { tensor.append(8, text) }
        add(tag, tensor, .images, step: step)
    }

    /// A model's configuration, from which TensorBoard draws the graph.
    func addKerasModel(_ json: String) {
        var tensor = Self.tensor(type: 7, shape: [])
        tensor.append(8, json)
        add("keras", tensor, .kerasGraph, step: 0)
    }

    /// Appends all records to the file, each as a whole.
    func flush() throws {
        if pending.isEmpty { return }
        // Batches are too many to wait for the disk each time.
        try FileContents.append(pending, to: path, syncs: false)
        pending = []
    }

    private func add(_ tag: String, _ tensor: ProtocolBuffer, _ plugin: Plugin, step: Int) {
        var data = ProtocolBuffer()
        data.append(1, plugin.name)
        if !plugin.content.isEmpty { data.append(2, plugin.content) }
        var metadata = ProtocolBuffer()
        metadata.append(1, data)
        if let dataClass = plugin.dataClass { metadata.append(4, dataClass) }
        var value = ProtocolBuffer()
        value.append(1, tag)
        value.append(9, metadata)
        value.append(8, tensor)
        var summary = ProtocolBuffer()
        summary.append(1, value)
        var event = Self.event(step: step)
        event.append(5, summary)
        add(event)
    }

    private static func event(step: Int?) -> ProtocolBuffer {
        var event = ProtocolBuffer()
        event.append(1, Date().timeIntervalSince1970)
        if let step { event.append(2, step) }
        return event
    }

    /// The head of a tensor; `type` is a number of `DataType`.
    private static func tensor(type: Int, shape: [Int]) -> ProtocolBuffer {
        var dimensions = ProtocolBuffer()
        for size in shape {
            var dimension = ProtocolBuffer()
            dimension.append(1, size)
            dimensions.append(2, dimension)
        }
        var tensor = ProtocolBuffer()
        tensor.append(1, type)
        tensor.append(2, dimensions)
        return tensor
    }

    private func add(_ event: ProtocolBuffer) {
        let length = ProtocolBuffer.littleEndian(UInt64(event.bytes.count))
        pending += length
        pending += ProtocolBuffer.littleEndian(CRC32C.masked(length))
        pending += event.bytes
        pending += ProtocolBuffer.littleEndian(CRC32C.masked(event.bytes))
    }
}
