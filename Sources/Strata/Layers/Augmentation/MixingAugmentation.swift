internal import StrataGraph

/// Base class of layers that mix each image with another one of its batch.
///
/// Call them with images, or with images and floating-point labels `[batch, classes]`, which are
/// mixed alike: ``Layer/outputs(of:file:line:)``. Layers within a model cannot reach its labels;
/// map the data set instead: ``BatchedDataset/mapped(_:)``. Where several processes each have some
/// samples of a batch, the other image is one of the process's own.
public class MixingAugmentation: ImageAugmentation {
    /// The mixed images, and the weight of each image's own label.
    func mixed(
        _ images: SymbolicTensor, with others: SymbolicTensor, _ draws: ImageDraws
    ) -> (images: SymbolicTensor, ownShare: SymbolicTensor) {
        (images, draws.same(1))
    }

    public override func call(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        guard inputs.count == 2 else { return super.call(inputs, context) }
        let (images, labels) = (inputs[0], inputs[1])
        guard labels.rank == 2, labels.dtype.isFloatingPoint else {
            return [
                SymbolicTensor(
                    failure: GraphError(
                        .wrongRank(got: labels.shape, expected: "[batch, classes] of fractions")))
            ]
        }
        guard context.isTraining, let batch = images.shape.known?.first,
            labels.shape.known != nil
        else { return [images.cast(to: dtypePolicy.computeDType), labels] }
        let draws = draws(context, batch)
        let order = draws.permutation()
        var share = draws.same(1)
        let result = images.cast(to: dtypePolicy.computeDType).withChannelsLast(dataFormat) {
            let own = $0.cast(to: .float32)
            let (images, ownShare) = mixed(own, with: draws.permuted(own, order), draws)
            share = ownShare.reshaped([batch, 1])
            return images.cast(to: $0.dtype)
        }
        let target = labels.cast(to: .float32)
        let mixedLabels = share * target + (1 - share) * draws.permuted(target, order)
        return [result, mixedLabels.cast(to: labels.dtype)]
    }

    override func transformed(_ images: SymbolicTensor, _ draws: ImageDraws) -> SymbolicTensor {
        mixed(images, with: draws.permuted(images, draws.permutation()), draws).images
    }
}
