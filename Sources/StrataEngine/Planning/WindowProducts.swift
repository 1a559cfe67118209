internal import CKernels
internal import StrataGraph

/// Products of windows with weights by a loop of our own (`CKernels/windows.c`).
struct WindowProducts: Sendable {
    /// [images, rows, columns] of windows.
    var places: [Int]
    /// How far the windows of the next image, row and column begin, in elements.
    var steps: [Int]
    /// Where the runs of numbers that a window sees begin, and how many each has.
    var offsets: [Int]
    var run: Int
    var filters: Int
    var activation: Activation?

    /// So many numbers' weights stay in the first-level cache.
    private static let longestRun = 128

    /// A convolution without margins; channels lie in blocks.
    init(_ item: ConvolutionCase, block: Int, _ activation: Activation?) {
        let (image, window) = (item.image, item.convolution.window)
        let (height, width, channels) = (image[1], image[2], image[3])
        let row = width * block
        places = Array(item.output.prefix(3))
        steps = [height * width * channels, window.strides[0] * row, window.strides[1] * block]
        var offsets: [Int] = []
        for y in 0..<window.size[0] {
            for x in 0..<window.size[1] {
                for plane in 0..<channels / block {
                    offsets.append(
                        plane * height * row + y * window.dilations[0] * row
                            + x * window.dilations[1] * block)
                }
            }
        }
        filters = item.kernel[3]
        self.activation = activation
        (self.offsets, run) = WindowProducts.runs(offsets, of: block)
    }

    /// An inner product of rows.
    init(rows: [Int], filters: Int, _ activation: Activation?) {
        places = [rows[0], 1, 1]
        steps = [rows[1], 0, 0]
        self.filters = filters
        self.activation = activation
        (offsets, run) = WindowProducts.runs([0], of: rows[1])
    }

    /// Runs cut in equal pieces where they are too long.
    private static func runs(_ offsets: [Int], of length: Int) -> ([Int], Int) {
        let run = (1...min(length, longestRun)).last { length % $0 == 0 } ?? length
        return (
            offsets.flatMap { offset in stride(from: offset, to: offset + length, by: run) }, run
        )
    }

    static func canHave(filters: Int) -> Bool {
        Processor.hasWideVectors && filters % Int(CK_FILTERS) == 0
    }

    /// Where the weights lie, in the graph's order of axes, of which the last is split.
    var weights: MemoryDescriptor {
        get throws(EngineError) {
            let block = Int(CK_FILTERS)
            return try .plain([filters / block, offsets.count * run, block], .float32)
                .permuted([1, 0, 2])
        }
    }
}
