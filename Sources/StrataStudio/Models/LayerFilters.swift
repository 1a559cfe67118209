#if Server
import Strata

/// The 2D filters of a layer.
struct LayerFilters {
    /// `[height, width, channels, filters]`; of a depthwise convolution each filter has one channel.
    let kernel: Variable
    /// How the kernel's axes are ordered.
    let layout: Layout
    let bias: Variable?

    enum Layout {
        case filtersLast
        /// A transposed convolution: `[height, width, filters, channels]`.
        case channelsLast
        /// `[height, width, channels, multiplier]`: a filter for each channel.
        case depthwise
    }

    private static let layouts: [String: Layout] = [
        "Conv2D": .filtersLast, "Conv2DTranspose": .channelsLast, "DepthwiseConv2D": .depthwise,
        "SeparableConv2D": .depthwise,
    ]

    /// `nil` if the layer has none.
    init?(_ layer: Layer) {
        let className = type(of: layer).className
        guard let layout = Self.layouts[className],
            let kernel = layer.weights.first(where: { $0.shape.count == 4 })
        else { return nil }
        self.layout = layout
        self.kernel = kernel
        // A separable convolution's bias belongs to its second kernel.
        bias =
            className == "SeparableConv2D" ? nil : layer.weights.first { $0.shape.count == 1 }
    }

    var height: Int { kernel.shape[0] }
    var width: Int { kernel.shape[1] }

    var channels: Int {
        switch layout {
        case .filtersLast: kernel.shape[2]
        case .channelsLast: kernel.shape[3]
        case .depthwise: 1
        }
    }

    var count: Int {
        switch layout {
        case .filtersLast: kernel.shape[3]
        case .channelsLast: kernel.shape[2]
        case .depthwise: kernel.shape[2] * kernel.shape[3]
        }
    }

    /// Some of the filters, `[count, height, width, channels]`.
    func values(_ range: Range<Int>) throws -> Tensor {
        let source = try kernel.value.scalars
        let (channels, inner) = (channels, kernel.shape[2] * kernel.shape[3])
        var result: [Float] = []
        result.reserveCapacity(range.count * height * width * channels)
        for filter in range {
            for place in 0..<height * width {
                for channel in 0..<channels {
                    let index =
                        switch layout {
                        case .filtersLast: channel * kernel.shape[3] + filter
                        case .channelsLast: filter * kernel.shape[3] + channel
                        case .depthwise: filter
                        }
                    result.append(source[place * inner + index])
                }
            }
        }
        return Tensor(result, shape: [range.count, height, width, channels])
    }

    var json: JSONValue {
        [
            "count": .integer(count), "height": .integer(height), "width": .integer(width),
            "channels": .integer(channels),
        ]
    }
}
#endif
