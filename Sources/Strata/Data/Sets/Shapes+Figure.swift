internal import Foundation

extension Shapes {
    /// A kind of figure, as the set of points at no distance from it; all fit into the unit circle.
    enum Figure: String, CaseIterable {
        case line
        case arc
        case circle
        case rings
        case disc
        case triangle
        case square
        case block
        case cross
        case star

        /// How far the point (x, y) is from the figure, below zero inside a filled one.
        func distance(_ x: Double, _ y: Double) -> Double {
            let radius = (x * x + y * y).squareRoot()
            switch self {
            case .line: return Figure.distance(x, y, toSegment: (-1, 0), (1, 0))
            case .arc: return Figure.distanceToArc(x, y, radius: radius)
            case .circle: return abs(radius - 1)
            case .rings: return min(abs(radius - 1), abs(radius - 0.4))
            case .disc: return radius - 1
            case .triangle: return Figure.distance(x, y, toPolygon: Figure.triangleCorners)
            case .square: return Figure.distance(x, y, toPolygon: Figure.squareCorners)
            case .block:
                // The same corners as the square: half a side is √½.
                return max(abs(x), abs(y)) - 0.5.squareRoot()
            case .cross:
                return min(
                    Figure.distance(x, y, toSegment: (-1, 0), (1, 0)),
                    Figure.distance(x, y, toSegment: (0, -1), (0, 1)))
            case .star: return Figure.distance(x, y, toPolygon: Figure.starCorners)
            }
        }

        /// Two thirds of a circle: the gap has to be seen even when it is drawn small.
        private static func distanceToArc(_ x: Double, _ y: Double, radius: Double) -> Double {
            let half = 2 * Double.pi / 3
            if abs(atan2(y, x)) <= half { return abs(radius - 1) }
            let end = (x: cos(half), y: sin(half))
            return hypot(x - end.x, abs(y) - end.y)
        }

        private static func distance(
            _ x: Double, _ y: Double, toSegment a: (x: Double, y: Double),
            _ b: (x: Double, y: Double)
        ) -> Double {
            let (dx, dy) = (b.x - a.x, b.y - a.y)
            let along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy)
            let t = min(max(along, 0), 1)
            return hypot(x - a.x - t * dx, y - a.y - t * dy)
        }

        private static func distance(
            _ x: Double, _ y: Double, toPolygon corners: [(x: Double, y: Double)]
        ) -> Double {
            var nearest = Double.infinity
            for (index, corner) in corners.enumerated() {
                let next = corners[(index + 1) % corners.count]
                nearest = min(nearest, distance(x, y, toSegment: corner, next))
            }
            return nearest
        }

        private static let triangleCorners = corners(3) { _ in 1 }
        private static let squareCorners = corners(4) { _ in 1 }
        /// Five points; the inner corners are where the pentagram's lines cross.
        private static let starCorners = corners(10) { $0.isMultiple(of: 2) ? 1 : 0.382 }

        private static func corners(
            _ count: Int, radius: (Int) -> Double
        ) -> [(x: Double, y: Double)] {
            (0..<count).map { index in
                let angle = 2 * Double.pi * (Double(index) + 0.5) / Double(count)
                return (radius(index) * cos(angle), radius(index) * sin(angle))
            }
        }
    }
}
