internal import StrataGraph

extension OperationArguments {
    private func geometry(_ kernel: SymbolicTensor) throws -> ConvolutionGeometry {
        guard let shape = kernel.shape.known, shape.count > 2 else {
            throw GraphError.Problem.wrongRank(
                got: kernel.shape, expected: "[spatial…, channels, filters]")
        }
        return ConvolutionGeometry(
            kernelSize: SpatialSize(Array(shape.dropLast(2))),
            strides: SpatialSize(try ints("strides") ?? [1]),
            padding: try configuration.padding(), dataFormat: try configuration.dataFormat(),
            dilationRate: SpatialSize(try ints("dilation_rate") ?? [1]))
    }

    func convolved() throws -> SymbolicTensor {
        let (x, kernel) = try pair()
        let geometry = try geometry(kernel)
        let rank = kernel.rank - 2
        let window = try geometry.window(rank, paddings: [.valid, .same])
        let channels = try geometry.channels(x.shape, rank: rank)
        guard let width = kernel.shape[rank], width > 0, channels % width == 0 else {
            throw GraphError.Problem.wrongWidth(got: x.shape, expected: kernel.shape[rank] ?? 0)
        }
        return x.withChannelsLast(geometry.dataFormat) { image in
            image.convolved(
                with: kernel, strides: window.strides, padding: window.padding,
                dilations: window.dilations, groups: channels / width)
        }
    }

    func convolvedByChannel() throws -> SymbolicTensor {
        let (x, kernel) = try pair()
        let geometry = try geometry(kernel)
        _ = try geometry.channels(x.shape, rank: kernel.rank - 2)
        return x.withChannelsLast(geometry.dataFormat) { image in
            image.convolvedByChannel(with: kernel, bias: nil, geometry)
        }
    }

    func convolvedSeparably() throws -> SymbolicTensor {
        let (x, depthwise) = try pair()
        let pointwise = try tensor(2).cast(to: x.dtype)
        let geometry = try geometry(depthwise)
        _ = try geometry.channels(x.shape, rank: depthwise.rank - 2)
        return x.withChannelsLast(geometry.dataFormat) { image in
            image.convolvedByChannel(with: depthwise, bias: nil, geometry)
                .convolved(with: pointwise)
        }
    }
}
