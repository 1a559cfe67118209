extension ModelDiagram {
    /// The diagram in the language of Graphviz.
    var dot: String {
        var lines = [
            "digraph model {",
            "  rankdir=\(options.isLeftToRight ? "LR" : "TB"); bgcolor=white; concentrate=true;",
            "  node [shape=plaintext, fontname=\"Helvetica\", fontsize=12];",
        ]
        for (number, box) in boxes.enumerated() {
            var rows = [
                "<tr><td bgcolor=\"#24292f\" colspan=\"2\"><font color=\"white\"><b>"
                    + "\(box.title.escapedForMarkup)</b></font></td></tr>"
            ]
            rows += box.lines.map { line in
                "<tr><td align=\"left\">\(line.key.escapedForMarkup)</td>"
                    + "<td align=\"left\"><b>\(line.value.escapedForMarkup)</b></td></tr>"
            }
            let table =
                "<table border=\"1\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"6\">"
                + rows.joined() + "</table>"
            lines.append("  n\(number) [label=<\(table)>];")
        }
        lines += clusters(in: nil, indent: "  ")
        lines += edges.map { "  n\($0.from) -> n\($0.to);" }
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    private func clusters(in parent: Int?, indent: String) -> [String] {
        var lines: [String] = []
        for (number, group) in groups.enumerated() where group.parent == parent {
            lines.append("\(indent)subgraph cluster_\(number) {")
            lines.append(
                "\(indent)  label=<\(group.name.escapedForMarkup)>; labeljust=l; style=dashed; "
                    + "fontname=\"Helvetica\"; fontsize=12;")
            lines += group.boxes.map { "\(indent)  n\($0);" }
            lines += clusters(in: number, indent: indent + "  ")
            lines.append("\(indent)}")
        }
        return lines
    }
}
