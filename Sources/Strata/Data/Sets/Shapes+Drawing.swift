internal import Foundation

extension Shapes {
    /// A figure with its random parameters.
    struct Drawing {
        private let figure: Figure
        private let size: Int
        private let radius: Double
        private let centre: (x: Double, y: Double)
        private let rotation: (cosine: Double, sine: Double)
        private let halfWidth: Double
        private let ground: Double
        private let ink: Double
        private let noise: Double

        init(of figure: Figure, size: Int, random: inout RandomGenerator) {
            func pick(_ range: ClosedRange<Double>) -> Double {
                range.lowerBound
                    + Double(random.uniform()) * (range.upperBound - range.lowerBound)
            }
            self.figure = figure
            self.size = size
            radius = pick(7...11)
            halfWidth = pick(0.7...1.4)
            let angle = pick(0...2 * Double.pi)
            rotation = (cos(angle), sin(angle))
            // Anywhere, with the whole figure within the image.
            let margin = radius + halfWidth
            let room = margin...Double(size) - margin
            centre = (pick(room), pick(room))
            ground = pick(0...90)
            ink = ground + pick(90...160)
            noise = pick(5...20)
        }

        /// Writes the image's rows from `start` on.
        func render(into pixels: inout [UInt8], at start: Int, random: inout RandomGenerator) {
            for row in 0..<size {
                for column in 0..<size {
                    let dx = (Double(column) + 0.5 - centre.x) / radius
                    let dy = (Double(row) + 0.5 - centre.y) / radius
                    let distance = figure.distance(
                        dx * rotation.cosine + dy * rotation.sine,
                        dy * rotation.cosine - dx * rotation.sine)
                    // The coverage of the pixel by the line, with a locally straight edge.
                    let cover = min(max(0.5 + halfWidth - distance * radius, 0), 1)
                    let value =
                        ground + cover * (ink - ground) + noise * Drawing.bell(random.next())
                    pixels[start + row * size + column] = UInt8(min(max(value, 0), 255))
                }
            }
        }

        /// An approximately standard normal value.
        ///
        /// The sum of four uniform ones, each from 16 of the bits (Irwin and Hall, 1927); exact on
        /// every machine, unlike a logarithm.
        private static func bell(_ bits: UInt64) -> Double {
            let sum =
                (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
            return (Double(sum) - 2 * 65_535) / (65_536 * (1.0 / 3).squareRoot())
        }
    }
}
