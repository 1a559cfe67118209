/// The feature maps of a layer for one image.
package struct FeatureMaps {
    /// `float32 [height, width, maps]`.
    package let maps: Tensor
    package let ranges: [MapRange]

    package init(_ maps: Tensor) {
        self.maps = maps
        var ranges = [MapRange](repeating: MapRange(), count: maps.shape[2])
        for (position, value) in maps.scalars.enumerated() {
            ranges[position % ranges.count].add(value)
        }
        self.ranges = ranges
    }

    /// The maps by their maximum, in descending order; then constant maps, then those without
    /// finite values.
    package var strongest: [Int] {
        func rank(_ range: MapRange) -> Int { range.isEmpty ? 2 : range.isConstant ? 1 : 0 }
        return ranges.indices.sorted { a, b in
            (rank(ranges[a]), -ranges[a].high, a) < (rank(ranges[b]), -ranges[b].high, b)
        }
    }
}

extension Model {
    /// The feature maps with the strongest activations for an image, in descending order.
    ///
    /// - Throws: a ``ModelError`` if there is no such layer, or its output is not feature maps.
    package func strongestMaps(
        _ count: Int, of layer: String, for sample: Tensor
    ) throws -> [Int] {
        let maps = FeatureMaps(try featureMaps(of: layer, for: sample))
        return Array(maps.strongest.prefix(count))
    }

    /// The number of feature maps of a layer for an image.
    ///
    /// - Throws: as ``strongestMaps(_:of:for:)``.
    package func mapCount(of layer: String, for sample: Tensor) throws -> Int {
        try featureMaps(of: layer, for: sample).shape[2]
    }
}
