import Foundation
import Testing

@testable import Strata
@testable import StrataVisualization

@Suite struct DiagramTests {
    private func residual() throws -> Model {
        let input = Input(shape: [8, 8, 3], name: "image")
        let a = Conv2D(4, kernelSize: 3, padding: .same, activation: .relu, name: "first")(input)
        let b = Conv2D(4, kernelSize: 3, padding: .same, name: "second")(a)
        let sum = Add(name: "sum")([a, b])
        return try Model(inputs: input, outputs: Flatten(name: "flat")(sum))
    }

    @Test func `a diagram knows boxes and edges`() throws {
        let diagram = try ModelDiagram(
            residual(), DiagramOptions(shapes: true, layerNames: true, activations: true))
        #expect(
            diagram.boxes.map(\.title) == [
                "image (InputLayer)", "first (Conv2D)", "second (Conv2D)", "sum (Add)",
                "flat (Flatten)",
            ])
        #expect(
            diagram.edges.map { [$0.from, $0.to] } == [[0, 1], [1, 2], [1, 3], [2, 3], [3, 4]])
        #expect(
            diagram.boxes[1].lines.map { "\($0.key)=\($0.value)" } == [
                "Activation=relu", "Input shape=[?, 8, 8, 3]", "Output shape=[?, 8, 8, 4]",
            ])
    }

    @Test func `the text for Graphviz`() throws {
        let input = Input(shape: [2], name: "x")
        let model = try Model(inputs: input, outputs: Dense(1, name: "y")(input))
        let text = try ModelDiagram(model, DiagramOptions(shapes: true)).dot
        #expect(
            text == """
                digraph model {
                  rankdir=TB; bgcolor=white; concentrate=true;
                  node [shape=plaintext, fontname="Helvetica", fontsize=12];
                  n0 [label=<<table border="1" cellborder="0" cellspacing="0" cellpadding="6">\
                <tr><td bgcolor="#24292f" colspan="2"><font color="white"><b>InputLayer</b></font></td></tr>\
                <tr><td align="left">Output shape</td><td align="left"><b>[?, 2]</b></td></tr></table>>];
                  n1 [label=<<table border="1" cellborder="0" cellspacing="0" cellpadding="6">\
                <tr><td bgcolor="#24292f" colspan="2"><font color="white"><b>Dense</b></font></td></tr>\
                <tr><td align="left">Input shape</td><td align="left"><b>[?, 2]</b></td></tr>\
                <tr><td align="left">Output shape</td><td align="left"><b>[?, 1]</b></td></tr></table>>];
                  n0 -> n1;
                }

                """)
    }

    @Test func `a Sequential is drawn without its input, and an unbuilt one not at all`() throws {
        let model = try Sequential {
            Input(shape: [4])
            Dense(2)
            Dense(1)
        }
        let diagram = try ModelDiagram(model, DiagramOptions())
        #expect(diagram.boxes.map(\.title) == ["Dense", "Dense"])
        let unbuilt = Sequential(name: "late")
        #expect(throws: ModelError(.unbuilt(model: "late"))) {
            try ModelDiagram(unbuilt, DiagramOptions())
        }
    }

    /// A shared functional model with a Sequential inside, called twice.
    private func nested() throws -> Model {
        let inside = try Sequential(name: "inside") {
            Input(shape: [4])
            Dense(3, name: "a")
            Dense(4, name: "b")
        }
        let x = Input(shape: [4], name: "x")
        let block = try Model(inputs: x, outputs: Add(name: "sum")([x, inside(x)]), name: "block")
        let input = Input(shape: [4], name: "input")
        return try Model(inputs: input, outputs: Dense(1, name: "last")(block(block(input))))
    }

    @Test func `models in the model are one box, or a frame with theirs`() throws {
        var options = DiagramOptions(layerNames: true)
        let closed = try ModelDiagram(nested(), options)
        #expect(
            closed.boxes.map(\.title)
                == ["input (InputLayer)", "block (Functional)", "last (Dense)"])
        options.nested = true
        let open = try ModelDiagram(nested(), options)
        #expect(
            open.boxes.map(\.title) == [
                "input (InputLayer)", "x (InputLayer)", "a (Dense)", "b (Dense)", "sum (Add)",
                "last (Dense)",
            ])
        #expect(
            open.edges.map { [$0.from, $0.to] } == [
                [0, 1], [1, 2], [2, 3], [1, 4], [3, 4], [4, 1], [4, 5],
            ])
        #expect(open.groups.map(\.name) == ["block", "inside"])
        #expect(open.groups.map(\.parent) == [nil, 0])
        #expect(open.groups.map(\.boxes) == [[1, 4], [2, 3]])
        #expect(
            open.dot.contains(
                """
                  subgraph cluster_0 {
                    label=<block>; labeljust=l; style=dashed; fontname="Helvetica"; fontsize=12;
                    n1;
                    n4;
                    subgraph cluster_1 {
                      label=<inside>; labeljust=l; style=dashed; fontname="Helvetica"; fontsize=12;
                      n2;
                      n3;
                    }
                  }

                """))
        #expect(try open.drawing().svg().contains(">inside<"))
    }

    @Test(arguments: [0, 2401]) func `dots that no picture has are refused`(dpi: Int) {
        #expect(throws: DataError.self) {
            try plotModel(try residual(), toFile: "never.png", dpi: dpi)
        }
    }

    private static let graphs: [[[Int]]] = [
        [], [[0, 1], [1, 2]], [[0, 1], [0, 2], [0, 3], [1, 4], [2, 4], [3, 4], [0, 4]],
        [[0, 1], [1, 2], [0, 2], [2, 3], [3, 4], [2, 4], [1, 4]],
        [[0, 2], [1, 2], [2, 3], [2, 4], [4, 5], [0, 5]],
    ]

    @Test(arguments: graphs) func `boxes do not overlap, and edges lead down`(graph: [[Int]]) {
        let count = (graph.joined().max() ?? 0) + 1
        let sizes = (0..<count).map { Point(40 + 30 * Double($0 % 3), 20 + 10 * Double($0 % 2)) }
        let layout = LayeredLayout(sizes: sizes, edges: graph.map { (from: $0[0], to: $0[1]) })
        for a in 0..<count {
            let centre = layout.centres[a]
            #expect(centre.x >= sizes[a].x / 2 - 1e-6)
            #expect(centre.x <= layout.extent.x - sizes[a].x / 2 + 1e-6)
            #expect(centre.y <= layout.extent.y - sizes[a].y / 2 + 1e-6)
            for b in 0..<a {
                let other = layout.centres[b]
                let isApart =
                    abs(centre.x - other.x) >= (sizes[a].x + sizes[b].x) / 2
                    || abs(centre.y - other.y) >= (sizes[a].y + sizes[b].y) / 2
                #expect(isApart, "\(a) and \(b)")
            }
        }
        for (edge, route) in zip(graph, layout.routes) {
            #expect(route.first?.x == layout.centres[edge[0]].x)
            #expect(route.last?.x == layout.centres[edge[1]].x)
            #expect(zip(route, route.dropFirst()).allSatisfy { $0.y <= $1.y })
        }
    }

    @Test func `a chain is one column`() {
        let layout = LayeredLayout(
            sizes: [Point(100, 20), Point(30, 20), Point(60, 20)], edges: [(0, 1), (1, 2)])
        #expect(layout.centres.map(\.x) == [50, 50, 50])
        #expect(layout.extent == Point(100, 128))
    }

    @Test func `diagrams are written as text, pixels and shapes`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("diagram-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["m.dot", "m.png", "m.svg"] {
            let path = folder.appendingPathComponent(name).path
            try plotModel(
                try residual(), toFile: path, showShapes: true, showDtype: true,
                showLayerNames: true,
                showTrainable: true)
            #expect(FileManager.default.fileExists(atPath: path))
        }
        let picture = try ImageDecoder.decode(file: folder.appendingPathComponent("m.png").path)
        #expect(picture.shape[0] > picture.shape[1])
        #expect(throws: (any Error).self) {
            try plotModel(try residual(), toFile: folder.appendingPathComponent("m.gif").path)
        }
    }

    @Test func `left to right turns the diagram`() throws {
        let tall = try residual().diagram()
        let wide = try residual().diagram(direction: .leftToRight)
        #expect(tall.height > tall.width)
        #expect(wide.width > wide.height)
    }
}
