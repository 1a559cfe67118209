internal import StrataGraph

extension OperationArguments {
    private func steps(_ name: String) throws -> SpatialSize {
        SpatialSize(try ints(name) ?? [1])
    }

    func convolved() throws -> SymbolicTensor {
        let (x, kernel) = try pair()
        return Ops.conv(
            x, kernel, strides: try steps("strides"), padding: try configuration.padding(),
            dataFormat: try configuration.dataFormat(), dilationRate: try steps("dilation_rate"))
    }

    func convolvedByChannel() throws -> SymbolicTensor {
        let (x, kernel) = try pair()
        return Ops.depthwiseConv(
            x, kernel, strides: try steps("strides"), padding: try configuration.padding(),
            dataFormat: try configuration.dataFormat(), dilationRate: try steps("dilation_rate"))
    }

    func convolvedSeparably() throws -> SymbolicTensor {
        let (x, depthwise) = try pair()
        return Ops.separableConv(
            x, depthwise, try tensor(2).cast(to: x.dtype), strides: try steps("strides"),
            padding: try configuration.padding(), dataFormat: try configuration.dataFormat(),
            dilationRate: try steps("dilation_rate"))
    }
}
