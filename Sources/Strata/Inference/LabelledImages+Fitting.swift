extension LabelledImages {
    /// The images in the size and with the channels of a model's input.
    package func fitted(to shape: Shape) throws -> Tensor {
        let flat = try x.rank == 3 ? x.expandingDims(at: -1) : x
        let pictures = try (0..<count).map { index in
            try flat[index].fitted(to: shape).cast(to: .float32).scalars
        }
        let size = try flat[0].fitted(to: shape).shape
        return Tensor(pictures.flatMap { $0 }, shape: [count] + size)
    }
}
