internal import Strata

extension FeatureMaps {
    /// A map in colours.
    ///
    /// - Parameter range: the values of the first and the last colour; those of the map if left
    ///   out.
    func tile(_ index: Int, _ range: (low: Float, high: Float)? = nil) -> TileSheet.Tile {
        let own = ranges[index]
        return TileSheet.Tile(
            pixels: maps.channel(index).coloured(
                .brightness, range ?? (own.isEmpty ? (0, 0) : (own.low, own.high))),
            caption: "\(index): \(own.caption)")
    }
}
