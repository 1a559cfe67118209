internal import CReference
import StrataGraph

/// Where a sliding window's elements meet an image, from the definition of each padding.
private struct Slide {
    /// The spatial sizes.
    let image: [Int]
    let output: [Int]
    private let window: Window
    /// Elements before the image along each axis.
    private let low: [Int]

    init(_ window: Window, over image: [Int]) {
        self.window = window
        self.image = image
        var low: [Int] = []
        var output: [Int] = []
        for axis in image.indices {
            let reach = (window.size[axis] - 1) * window.dilations[axis] + 1
            let stride = window.strides[axis]
            let length = image[axis]
            let (before, after): (Int, Int)
            if let padding = window.explicitPadding {
                let sum = padding.before[axis] + length + padding.after[axis]
                low.append(padding.before[axis])
                output.append((sum - reach) / stride + 1)
                continue
            }
            switch window.padding {
            case .valid: (before, after) = (0, 0)
            case .same:
                // TensorFlow: ⌈length / stride⌉ places; what is missing is halved, the end gets more.
                let places = (length + stride - 1) / stride
                let missing = max(0, (places - 1) * stride + reach - length)
                (before, after) = (missing / 2, missing - missing / 2)
            case .full: (before, after) = (reach - 1, reach - 1)
            case .causal: (before, after) = (reach - 1, 0)
            }
            low.append(before)
            output.append((before + length + after - reach) / stride + 1)
        }
        self.low = low
        self.output = output
    }

    /// Calls with every place of the window, element of it and place in the image that the element
    /// covers, each as a row-major number; elements over the edge are left out.
    func forEachMeeting(_ body: (_ place: Int, _ element: Int, _ pixel: Int) -> Void) {
        var place = 0
        forEachIndex(of: output) { o in
            var element = 0
            forEachIndex(of: window.size) { e in
                var pixel = 0
                var isInside = true
                for axis in image.indices {
                    let p =
                        o[axis] * window.strides[axis] + e[axis] * window.dilations[axis]
                        - low[axis]
                    isInside = isInside && p >= 0 && p < image[axis]
                    pixel = pixel * image[axis] + p
                }
                if isInside { body(place, element, pixel) }
                element += 1
            }
            place += 1
        }
    }

    var places: Int { output.reduce(1, *) }
    var pixels: Int { image.reduce(1, *) }
}

extension Reference {
    private static func spatial(_ shape: [Int]) -> [Int] { Array(shape.dropFirst().dropLast()) }

    /// All products of a convolution: an image's element with a row of the kernel's, for the `count` filters
    /// that see it, and the row of the result's.
    private static func forEachRow(
        _ convolution: Convolution, image: [Int], filters: Int,
        _ body: (_ image: Int, _ kernel: Int, _ result: Int, _ count: Int) -> Void
    ) {
        let slide = Slide(convolution.window, over: spatial(image))
        let channels = image[image.count - 1]
        let (width, share) = (channels / convolution.groups, filters / convolution.groups)
        for n in 0..<image[0] {
            slide.forEachMeeting { place, element, pixel in
                for channel in 0..<channels {
                    let filter = channel / width * share
                    body(
                        (n * slide.pixels + pixel) * channels + channel,
                        (element * width + channel % width) * filters + filter,
                        (n * slide.places + place) * filters + filter, share)
                }
            }
        }
    }

    static func convolution(
        _ convolution: Convolution, _ x: ReferenceTensor, _ kernel: ReferenceTensor,
        bias: ReferenceTensor?
    ) -> ReferenceTensor {
        let filters = kernel.shape[kernel.shape.count - 1]
        let slide = Slide(convolution.window, over: spatial(x.shape))
        let start = bias ?? ReferenceTensor(repeating: 0, shape: [filters])
        var result = start.broadcast(to: [x.shape[0]] + slide.output + [filters])
        forEachRow(convolution, image: x.shape, filters: filters) {
            reference_add_multiple(&result.values, $2, x.values[$0], kernel.values, $1, $3)
        }
        return result
    }

    static func convolutionBackwardData(
        _ convolution: Convolution, _ gradient: ReferenceTensor, _ kernel: ReferenceTensor,
        shape: [Int]
    ) -> ReferenceTensor {
        var result = ReferenceTensor(repeating: 0, shape: shape)
        forEachRow(convolution, image: shape, filters: kernel.shape[kernel.shape.count - 1]) {
            result.values[$0] += reference_product(gradient.values, $2, kernel.values, $1, $3)
        }
        return result
    }

    static func convolutionBackwardWeights(
        _ convolution: Convolution, _ x: ReferenceTensor, _ gradient: ReferenceTensor,
        kernelShape: [Int], hasBias: Bool
    ) -> [ReferenceTensor] {
        let filters = kernelShape[kernelShape.count - 1]
        var kernel = ReferenceTensor(repeating: 0, shape: kernelShape)
        forEachRow(convolution, image: x.shape, filters: filters) {
            reference_add_multiple(&kernel.values, $1, x.values[$0], gradient.values, $2, $3)
        }
        var bias = ReferenceTensor(repeating: 0, shape: [filters])
        for (place, value) in gradient.values.enumerated() { bias.values[place % filters] += value }
        return hasBias ? [kernel, bias] : [kernel]
    }

    /// For every element of a pooling's result the offsets of the image's elements under the window.
    private static func covered(_ pooling: Pooling, image: [Int]) -> (shape: [Int], [[Int]]) {
        let size = spatial(image)
        let slide = Slide(
            pooling.window ?? Window(size: size, strides: size, padding: .valid), over: size)
        let channels = image[image.count - 1]
        var result = Array(repeating: [Int](), count: image[0] * slide.places * channels)
        for n in 0..<image[0] {
            slide.forEachMeeting { place, _, pixel in
                for c in 0..<channels {
                    result[(n * slide.places + place) * channels + c].append(
                        (n * slide.pixels + pixel) * channels + c)
                }
            }
        }
        return ([image[0]] + slide.output + [channels], result)
    }

    static func pooling(_ pooling: Pooling, _ x: ReferenceTensor) -> ReferenceTensor {
        let (shape, windows) = covered(pooling, image: x.shape)
        let values = windows.map { window -> Double in
            let values = window.map { x.values[$0] }
            return switch pooling.kind {
            case .maximum: values.max() ?? -.infinity
            case .average: values.reduce(0, +) / Double(values.count)
            }
        }
        return ReferenceTensor(values, shape: shape)
    }

    static func poolingBackward(_ backward: PoolingBackward, _ inputs: [ReferenceTensor])
        -> ReferenceTensor
    {
        let shape = backward.shape.known ?? []
        var result = ReferenceTensor(repeating: 0, shape: shape)
        for (place, window) in covered(backward.pooling, image: shape).1.enumerated() {
            let gradient = inputs[0].values[place]
            switch backward.pooling.kind {
            case .average:
                for pixel in window { result.values[pixel] += gradient / Double(window.count) }
            case .maximum:
                let x = inputs[1].values
                let top = window.map { x[$0] }.max()
                if let first = window.first(where: { x[$0] == top }) {
                    result.values[first] += gradient
                }
            }
        }
        return result
    }
}
