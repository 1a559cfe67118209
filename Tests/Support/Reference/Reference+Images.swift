internal import StrataGraph

extension Reference {
    /// The pixel for a place along an axis by counting on from the image; `nil` beyond it.
    private static func pixel(_ place: Int, of length: Int, _ fill: GridSample.Fill) -> Int? {
        if (0..<length).contains(place) { return place }
        switch fill {
        case .constant: return nil
        case .nearest: return place < 0 ? 0 : length - 1
        case .wrap: return pixel(place < 0 ? place + length : place - length, of: length, fill)
        case .reflect:
            return pixel(place < 0 ? -1 - place : 2 * length - 1 - place, of: length, fill)
        case .mirror:
            if length == 1 { return 0 }
            return pixel(place < 0 ? -place : 2 * (length - 1) - place, of: length, fill)
        }
    }

    /// Calls `body` with each new pixel, and the old ones (or `nil` for the fill value) with weights.
    private static func eachTap(
        _ gridSample: GridSample, height: Int, width: Int, _ places: ReferenceTensor,
        _ body: (_ image: Int, _ row: Int, _ column: Int, (Int, Int)?, Double) -> Void
    ) {
        func neighbours(_ place: Double) -> [(Int, Double)] {
            guard gridSample.isBilinear else {
                return [(Int(place.rounded(.toNearestOrAwayFromZero)), 1)]
            }
            let low = place.rounded(.down)
            return [(Int(low), 1 - (place - low)), (Int(low) + 1, place - low)]
        }
        for image in 0..<places.shape[0] {
            for row in 0..<places.shape[1] {
                for column in 0..<places.shape[2] {
                    for (y, yWeight) in neighbours(places[[image, row, column, 0]]) {
                        for (x, xWeight) in neighbours(places[[image, row, column, 1]]) {
                            let known = pixel(y, of: height, gridSample.fill).flatMap { y in
                                pixel(x, of: width, gridSample.fill).map { (y, $0) }
                            }
                            body(image, row, column, known, yWeight * xWeight)
                        }
                    }
                }
            }
        }
    }

    static func resample(
        _ gridSample: GridSample, _ x: ReferenceTensor, places: ReferenceTensor
    ) -> ReferenceTensor {
        let channels = x.shape[3]
        var result = ReferenceTensor(
            repeating: 0, shape: Array(places.shape.prefix(3)) + [channels])
        eachTap(gridSample, height: x.shape[1], width: x.shape[2], places) {
            image, row, column, pixel, weight in
            for channel in 0..<channels {
                let value =
                    pixel.map { x[[image, $0.0, $0.1, channel]] } ?? Double(gridSample.fillValue)
                result[[image, row, column, channel]] += weight * value
            }
        }
        return result
    }

    static func resampleBackward(
        _ backward: GridSampleBackward, _ gradient: ReferenceTensor, places: ReferenceTensor,
        shape: [Int]
    ) -> ReferenceTensor {
        var result = ReferenceTensor(repeating: 0, shape: shape)
        eachTap(backward.gridSample, height: shape[1], width: shape[2], places) {
            image, row, column, pixel, weight in
            guard let pixel else { return }
            for channel in 0..<shape[3] {
                result[[image, pixel.0, pixel.1, channel]] +=
                    weight * gradient[[image, row, column, channel]]
            }
        }
        return result
    }

    static func equalize(_ equalization: Equalization, _ x: ReferenceTensor) -> ReferenceTensor {
        let channels = x.shape.last ?? 1
        var result = x
        for channel in 0..<channels {
            let places = stride(from: channel, to: x.count, by: channels)
            let bins = places.map { place in
                min(
                    max(Int(x.values[place] / 255 * Double(equalization.bins - 1)), 0),
                    equalization.bins - 1)
            }
            let sorted = bins.sorted()
            guard let first = sorted.first, first != sorted.last else { continue }
            let lowest = sorted.filter { $0 == first }.count
            for (place, bin) in zip(places, bins) {
                let below = sorted.filter { $0 <= bin }.count - lowest
                result.values[place] =
                    (Double(below) * 255 / Double(sorted.count - lowest))
                    .rounded(.toNearestOrEven)
            }
        }
        return result
    }
}
