import Foundation
import Testing

@testable import Strata

@Suite struct ShapesTests {
    @Test func `pictures are grey bytes, their labels in turn`() throws {
        let (train, test) = try Shapes.load(trainCount: 30, testCount: 12, seed: 5)
        #expect(train.x.shape == [30, 28, 28])
        #expect(train.x.dtype == .uint8)
        #expect(train.y.integers == (0..<30).map { $0 % 10 })
        #expect(test.x.shape == [12, 28, 28])
        #expect(
            train.classNames == [
                "line", "arc", "circle", "rings", "disc", "triangle", "square", "block", "cross",
                "star",
            ])
    }

    @Test func `a seed fixes every pixel, whatever the number of pictures`() throws {
        let few = try Shapes.load(trainCount: 10, testCount: 10, seed: 5)
        let more = try Shapes.load(trainCount: 25, testCount: 11, seed: 5)
        #expect(more.train[0..<10] == few.train)
        #expect(more.test[0..<10] == few.test)
    }

    @Test func `another seed, and the other part, hold other pictures`() throws {
        let one = try Shapes.load(trainCount: 10, testCount: 10, seed: 5)
        let other = try Shapes.load(trainCount: 10, testCount: 10, seed: 6)
        #expect(one.train.x != other.train.x)
        #expect(one.train.x != one.test.x)
    }

    @Test func `the default set is the one that was measured`() throws {
        let info = try #require(DatasetInfo.named("shapes"))
        #expect(info.trainCount == 20_000 && info.testCount == 4_000)
    }

    @Test func `a count below one is refused`() {
        let error = #expect(throws: DataError.self) { try Shapes.load(trainCount: 0) }
        #expect(error?.description == "trainCount is 0; ask for 1 picture or more")
    }

    @Test(arguments: [1 << 44, .max])
    func `pictures that memory does not hold are refused before one is drawn`(count: Int) {
        let error = #expect(throws: DataError.self) { try Shapes.load(trainCount: count) }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("trainCount is \(count): the tensor of the pictures of shape "))
        #expect(text.hasSuffix("; ask for fewer pictures"))
        // 1 << 44 pictures of 784 bytes.
        if count == 1 << 44 { #expect(text.contains("needs 12 PiB of memory")) }
        #expect(throws: DataError.self) { try Shapes.loadData(testCount: count) }
    }

    /// A point, a figure, and how far apart they are, by elementary geometry.
    static let distances: [(figure: Shapes.Figure, x: Double, y: Double, distance: Double)] = [
        (.line, 0.5, 0.3, 0.3),
        (.line, 4, 4, 5),
        (.circle, 0.6, 0.8, 0),
        (.circle, 0, 0, 1),
        (.rings, 0.7, 0, 0.3),
        (.rings, 0.4, 0, 0),
        (.disc, 0.3, 0.4, -0.5),
        (.disc, 0, -3, 2),
        // Half of the side √2.
        (.square, 0, 0, 0.5.squareRoot()),
        (.block, 0, 0, -0.5.squareRoot()),
        // The radius of the circle within a triangle is half of that around it.
        (.triangle, 0, 0, 0.5),
        (.cross, 0.2, 0.7, 0.2),
        // The gap lies to the left; its ends are at ±120°, √¾ above and below (−½, 0).
        (.arc, -0.5, 0, 0.75.squareRoot()),
        (.arc, 1, 0, 0),
    ]

    @Test(arguments: distances.indices)
    func `figures are where geometry has them`(_ index: Int) {
        let (figure, x, y, distance) = ShapesTests.distances[index]
        #expect(abs(figure.distance(x, y) - distance) < 1e-12, "\(figure)")
    }

    @Test func `a star has five points and five dents`() {
        let circle = (0..<360).map { degree in
            let angle = Double(degree) * .pi / 180
            return (x: 1.5 * cos(angle), y: 1.5 * sin(angle))
        }
        let distances = circle.map { Shapes.Figure.star.distance($0.x, $0.y) }
        let points = (0..<360).count { index in
            let (before, after) = (distances[(index + 359) % 360], distances[(index + 1) % 360])
            return distances[index] < before && distances[index] <= after
        }
        #expect(points == 5)
    }
}
