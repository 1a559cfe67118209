/// A top-activating patch of one feature map.
public struct TopActivatingPatch: Sendable, Hashable {
    /// The index of the image.
    public let image: Int
    /// The map's value there.
    public let value: Float
    /// The first row and column of the position's receptive field; negative in padding.
    public let corner: [Int]
    /// The patch, `uint8 [height, width, channels]`; gray beyond the image.
    public let pixels: Tensor
}

/// The top-activating patches of one feature map.
package struct MapExcitement {
    /// The range of values in all images.
    package fileprivate(set) var range = MapRange()
    /// Strongest first; empty if the range has a problem.
    package fileprivate(set) var patches: [TopActivatingPatch] = []
    fileprivate var best: [(image: Int, value: Float, position: Int)] = []
}

extension Model {
    /// The top-activating patches of feature maps, strongest first; at most one from each image
    /// (Zeiler and Fergus, 2014).
    ///
    /// Only positive values count: a map that is never positive, constant, or without finite values
    /// has no patches.
    ///
    /// - Parameters:
    ///   - layer: the layer's name.
    ///   - maps: the indices of the feature maps.
    ///   - images: images as the model's input, `[count, height, width, channels]`.
    ///   - count: the number of patches for each map.
    ///   - batchSize: images in a step, 1 or more.
    /// - Throws: a ``ModelError`` if there is no such layer or map, or the images do not fit.
    public func topActivatingPatches(
        of layer: String, maps: [Int], in images: Tensor, count: Int = 8, batchSize: Int = 64
    ) throws -> [[TopActivatingPatch]] {
        try excitement(of: layer, maps: maps, in: images, count: count, batchSize: batchSize)
            .map(\.patches)
    }

    /// The same, with reasons for missing patches.
    package func excitement(
        of layer: String, maps: [Int], in images: Tensor, count: Int, batchSize: Int = 64
    ) throws -> [MapExcitement] {
        guard batchSize > 0 else {
            throw ModelError(.invalidArgument("batchSize is \(batchSize)", fix: "use 1 or more"))
        }
        guard let imageCount = images.shape.first, imageCount > 0 else {
            throw ModelError(.noSamples)
        }
        let part = try upTo(layer)
        let field = try receptiveField(of: layer, over: images[0])
        var found = maps.map { _ in MapExcitement() }
        var size: [Int] = []
        for start in stride(from: 0, to: imageCount, by: batchSize) {
            let rows = start..<start + min(batchSize, imageCount - start)
            let result = try part.predictOnBatch(images[rows])
            guard result.rank == 4 else { throw notMaps(layer, result.shape) }
            size = result.shape
            try check(maps: maps, of: layer, count: size[3])
            let values = result.scalars
            let step = size[1] * size[2] * size[3]
            for (row, image) in rows.enumerated() {
                for (index, map) in maps.enumerated() {
                    let positions = stride(
                        from: row * step + map, to: (row + 1) * step, by: size[3])
                    found[index].take(positions.lazy.map { values[$0] }, of: image)
                }
            }
            for index in found.indices { found[index].keepBest(count) }
        }
        for index in found.indices where found[index].range.problem == nil {
            found[index].patches = try found[index].best.map { item in
                let picture = try images[item.image].asPicture()
                let position = [item.position / size[2], item.position % size[2]]
                let extents =
                    field?.extents.flatMap { $0.count == 2 ? $0 : nil }
                    ?? picture.shape.prefix(2).map {
                        ReceptiveField.Extent(size: $0, stride: 0, start: 0)
                    }
                let corner = zip(extents, position).map { $0.start + $1 * $0.stride }
                return TopActivatingPatch(
                    image: item.image, value: item.value, corner: corner,
                    pixels: picture.cut(corner, extents.map(\.size)))
            }
        }
        return found
    }
}

extension MapExcitement {
    /// The map's values for one image.
    fileprivate mutating func take(_ values: some Collection<Float>, of image: Int) {
        var top: (value: Float, position: Int)?
        for (position, value) in values.enumerated() {
            range.add(value)
            if value.isFinite, value > top?.value ?? 0 { top = (value, position) }
        }
        if let top { best.append((image, top.value, top.position)) }
    }

    fileprivate mutating func keepBest(_ count: Int) {
        best.sort { ($1.value, $0.image) < ($0.value, $1.image) }
        best = Array(best.prefix(max(count, 0)))
    }
}

extension Tensor {
    /// The patch of an image at a corner; gray beyond the image.
    fileprivate func cut(_ corner: [Int], _ size: [Int]) -> Tensor {
        guard case .uint8(let source) = storage else { return self }
        let channels = shape[2]
        var result = [UInt8](repeating: 128, count: size[0] * size[1] * channels)
        for y in 0..<size[0] where (0..<shape[0]).contains(corner[0] + y) {
            for x in 0..<size[1] where (0..<shape[1]).contains(corner[1] + x) {
                for channel in 0..<channels {
                    result[(y * size[1] + x) * channels + channel] =
                        source[((corner[0] + y) * shape[1] + corner[1] + x) * channels + channel]
                }
            }
        }
        return Tensor(result, shape: [size[0], size[1], channels])
    }
}
