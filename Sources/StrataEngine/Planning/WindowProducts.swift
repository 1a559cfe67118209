internal import CKernels
internal import StrataGraph

/// Products of windows with weights by a loop of our own (`CKernels/windows.c`).
struct WindowProducts: Sendable {
    /// [images, rows, columns] of windows.
    var places: [Int]
    /// [height, width] of an image.
    var size = [1, 1]
    /// How far windows are apart, and how far before the image the first begins, in places.
    var strides = [1, 1]
    var low = [0, 0]
    /// Whether windows reach beyond the image.
    var hasEdges = false
    /// How long an image, a row and a column are, in elements.
    var steps: [Int]
    /// Where the runs of numbers that a window sees lie, and how many each has.
    var windows: [ck_window_run]
    var run: Int
    var filters: Int
    var activation: Activation?

    /// A convolution; channels lie in blocks.
    init(_ item: ConvolutionCase, block: Int, _ activation: Activation?) {
        let (image, window) = (item.image, item.convolution.window)
        let (height, width, channels) = (image[1], image[2], image[3])
        places = Array(item.output.prefix(3))
        size = [height, width]
        strides = window.strides
        hasEdges = item.hasMargins
        low = (0..<2).map { window.margins($0, length: image[$0 + 1]).low }
        steps = [height * width * channels, width * block, block]
        var windows: [ck_window_run] = []
        for y in 0..<window.size[0] {
            for x in 0..<window.size[1] {
                let (down, across) = (y * window.dilations[0], x * window.dilations[1])
                for plane in 0..<channels / block {
                    let offset = (plane * height + down) * steps[1] + across * block
                    windows.append(
                        ck_window_run(
                            offset: Int64(offset), down: Int64(down), across: Int64(across)))
                }
            }
        }
        filters = item.kernel[3]
        self.activation = activation
        (self.windows, run) = WindowProducts.pieces(of: windows, length: block)
    }

    /// An inner product of rows.
    init(rows: [Int], filters: Int, _ activation: Activation?) {
        places = [rows[0], 1, 1]
        steps = [rows[1], 0, 0]
        self.filters = filters
        self.activation = activation
        (windows, run) = WindowProducts.pieces(
            of: [ck_window_run(offset: 0, down: 0, across: 0)], length: rows[1])
    }

    /// Runs cut in equal pieces where they are too long.
    private static func pieces(of runs: [ck_window_run], length: Int) -> ([ck_window_run], Int) {
        let run = (1...min(length, Int(CK_LONGEST_RUN))).last { length % $0 == 0 } ?? length
        let pieces = runs.flatMap { whole in
            stride(from: 0, to: length, by: run).map { begin in
                var piece = whole
                piece.offset += Int64(begin)
                return piece
            }
        }
        return (pieces, run)
    }

    /// Whether weights are so many that they are fetched from far memory meanwhile.
    static func fetches(weights: [Int]) -> Bool { weights.reduce(1, *) >= Int(CK_MANY_WEIGHTS) }

    static func canHave(filters: Int) -> Bool {
        Processor.hasWideVectors && filters % Int(CK_FILTERS) == 0
    }

    /// Where the weights lie, in the graph's order of axes, of which the last is split.
    var weights: MemoryDescriptor {
        get throws(EngineError) {
            let block = Int(CK_FILTERS)
            return try .plain([filters / block, windows.count * run, block], .float32)
                .permuted([1, 0, 2])
        }
    }
}
