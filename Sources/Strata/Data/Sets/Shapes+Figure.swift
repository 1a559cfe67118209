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

        /// The distance of the point (x, y) from the figure, negative inside a filled one.
        func distance(_ x: Double, _ y: Double) -> Double {
            let radius = (x * x + y * y).squareRoot()
            switch self {
            case .line: return Figure.distance(x, y, toLines: Figure.bars.prefix(1))
            case .arc: return Figure.distanceToArc(x, y, radius: radius)
            case .circle: return abs(radius - 1)
            case .rings: return min(abs(radius - 1), abs(radius - 0.4))
            case .disc: return radius - 1
            case .triangle: return Figure.distance(x, y, toLines: Figure.triangleSides)
            case .square: return Figure.distance(x, y, toLines: Figure.squareSides)
            case .block:
                // The same corners as the square: half a side is √½.
                return max(abs(x), abs(y)) - 0.5.squareRoot()
            case .cross: return Figure.distance(x, y, toLines: Figure.bars[...])
            case .star: return Figure.distance(x, y, toLines: Figure.starSides)
            }
        }

        /// Two thirds of a circle: the gap must be visible at small sizes.
        private static func distanceToArc(_ x: Double, _ y: Double, radius: Double) -> Double {
            let half = 2 * Double.pi / 3
            if abs(atan2(y, x)) <= half { return abs(radius - 1) }
            let end = (x: cos(half), y: sin(half))
            return hypot(x - end.x, abs(y) - end.y)
        }

        /// A straight line from `start` along `along`.
        private struct Line {
            var start: (x: Double, y: Double)
            var along: (x: Double, y: Double)
        }

        private static func distance(
            _ x: Double, _ y: Double, toLines lines: ArraySlice<Line>
        ) -> Double {
            var nearest = Double.infinity
            for line in lines {
                let (dx, dy) = (x - line.start.x, y - line.start.y)
                let (ax, ay) = line.along
                let t = min(max((dx * ax + dy * ay) / (ax * ax + ay * ay), 0), 1)
                let (rx, ry) = (dx - t * ax, dy - t * ay)
                nearest = min(nearest, rx * rx + ry * ry)
            }
            return nearest.squareRoot()
        }

        private static let bars = [
            Line(start: (-1, 0), along: (2, 0)), Line(start: (0, -1), along: (0, 2)),
        ]
        private static let triangleSides = sides(3) { _ in 1 }
        private static let squareSides = sides(4) { _ in 1 }
        /// A five-pointed star; the inner corners are the crossings of a pentagram.
        private static let starSides = sides(10) { $0.isMultiple(of: 2) ? 1 : 0.382 }

        private static func sides(_ count: Int, radius: (Int) -> Double) -> ArraySlice<Line> {
            let corners = (0...count).map { index in
                let angle = 2 * Double.pi * (Double(index) + 0.5) / Double(count)
                let radius = radius(index % count)
                return (x: radius * cos(angle), y: radius * sin(angle))
            }
            let lines = zip(corners, corners.dropFirst()).map { start, end in
                Line(start: start, along: (end.x - start.x, end.y - start.y))
            }
            return lines[...]
        }
    }
}
