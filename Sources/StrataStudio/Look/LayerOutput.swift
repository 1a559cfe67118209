#if Server
import HTTPTypes
import Strata

/// The output of a layer for a picture, as the page gets it.
struct LayerOutput {
    /// Numbers in an answer.
    private static let limit = 1 << 20

    /// With a batch of one, the channels last.
    let tensor: Tensor
    let first: Int
    let count: Int

    func json() throws -> JSONValue {
        if tensor.rank == 4 { return try maps() }
        if tensor.rank == 2 { return row }
        return [
            "kind": "none", "shape": JSONValue(Array(tensor.shape.dropFirst())),
            "why": "only images and rows of numbers are shown",
        ]
    }

    private var row: JSONValue {
        let values = tensor.scalars
        return [
            "kind": "row", "total": .integer(values.count),
            "values": JSONValue(Tensor(Array(values.prefix(1 << 16)))),
        ]
    }

    private func maps() throws -> JSONValue {
        let (height, width, total) = (tensor.shape[1], tensor.shape[2], tensor.shape[3])
        guard (0..<max(total, 1)).contains(first) else {
            throw StudioError(
                .badRequest, "first is \(first), but the maps are 0 to \(total - 1)")
        }
        let most = max(Self.limit / max(height * width, 1), 1)
        let range = first..<first + min(count, most, total - first)
        let values = tensor.scalars.maps(range, size: height * width, of: total)
        let ranges = range.indices.map { index in
            values[(index - first) * height * width..<(index - first + 1) * height * width]
        }
        return [
            "kind": "maps", "total": .integer(total), "first": .integer(first),
            "maps": .array(ranges.map { Self.range($0) }),
            "values": JSONValue(Tensor(values, shape: [range.count, height, width])),
        ]
    }

    private static func range(_ values: ArraySlice<Float>) -> JSONValue {
        let range = MapRange(values)
        return [
            "low": range.isEmpty ? .null : JSONValue(range.low),
            "high": range.isEmpty ? .null : JSONValue(range.high),
            "problem": JSONValue(text: range.problem),
        ]
    }
}

extension [Float] {
    /// Some of the maps of an image, one after the other.
    ///
    /// - Parameters:
    ///   - size: the number of positions.
    ///   - total: the number of maps, which are the last axis here.
    func maps(_ range: Range<Int>, size: Int, of total: Int) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(range.count * size)
        for map in range {
            for place in 0..<size { result.append(self[place * total + map]) }
        }
        return result
    }
}
#endif
