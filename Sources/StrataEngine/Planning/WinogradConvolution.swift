internal import CKernels
internal import StrataGraph

/// A convolution of 3 × 3 in steps of 2, or a gradient of it, by Winograd's algorithm
/// (`CKernels/winograd.c`).
struct WinogradConvolution: Sendable {
    enum Pass: Sendable {
        /// From an image, the kernel's factors and perhaps a bias.
        case forward(Activation?)
        /// From the gradient of the result and the factors of the kernel with filters before channels.
        case imageGradient
        /// From the image and the gradient of the result to those of kernel and perhaps bias.
        case kernelGradient
    }

    /// [batch, height, width, channels].
    var image: [Int]
    /// [batch, rows, columns, filters].
    var output: [Int]
    /// How many places windows begin before the image.
    var low: [Int]
    /// How many channels of the image and of the output lie side by side.
    var blocks: (image: Int, output: Int)
    /// In how many parts the batch is worked on.
    var parts: Int
    var pass: Pass

    init(_ item: ConvolutionCase, _ blocks: (image: Int, output: Int), _ pass: Pass) {
        (image, output) = (item.image, item.output)
        let window = item.convolution.window
        low = (0..<2).map { window.margins($0, length: item.image[$0 + 1]).low }
        self.blocks = blocks
        parts = Threads.count
        self.pass = pass
    }

    static func canHave(block: Int) -> Bool { block % 16 == 0 }

    /// How many tiles the results of an axis make.
    static func tileCount(_ results: Int) -> Int { (results + 2) / 3 }

    /// What a kernel is multiplied by, in bytes.
    static func factorsByteCount(_ kernel: [Int]) -> Int {
        Int(CK_FACTORS) * kernel[2] * kernel[3] * 4
    }

    /// In C's form, without memory.
    var raw: ck_winograd {
        var raw = ck_winograd()
        raw.images = Int64(image[0])
        (raw.height, raw.width) = (Int64(image[1]), Int64(image[2]))
        (raw.channels, raw.filters) = (Int64(image[3]), Int64(output[3]))
        (raw.rows, raw.columns) = (Int64(output[1]), Int64(output[2]))
        raw.low = (Int64(low[0]), Int64(low[1]))
        (raw.image_block, raw.result_block) = (Int64(blocks.image), Int64(blocks.output))
        raw.parts = Int64(parts)
        switch pass {
        case .forward(let activation): raw.activation = activation.opcode
        case .imageGradient: break
        case .kernelGradient: raw.is_kernel_gradient = 1
        }
        return raw
    }

    /// How many bytes it works in.
    var roomByteCount: Int {
        withUnsafePointer(to: raw) { Int(ck_winograd_room($0)) * 4 }
    }
}
