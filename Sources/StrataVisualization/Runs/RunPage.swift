internal import Foundation
public import Strata

extension RunRecord {
    /// Writes the ``page()`` to the run's folder.
    ///
    /// - Returns: its path, `run.html` in the folder.
    /// - Throws: a ``FileError`` if it cannot be written.
    @discardableResult
    public func writePage() throws(FileError) -> String {
        let path = folder.file("run.html")
        try FileContents.write(Array(page().utf8), to: path)
        return path
    }

    /// The run as a self-contained HTML page.
    ///
    /// It has the folder's pictures, as far as they exist.
    public func page() -> String {
        var facts = [("epochs", progress)]
        if let seconds {
            facts.append(("time", "\((seconds * 10).rounded() / 10) s"))
        } else {
            facts.append(("state", "not finished"))
        }
        if let objective, let best = best(objective) {
            let words = objective.split(separator: "_").map {
                $0 == "val" ? "validation" : String($0)
            }
            facts.append(
                (
                    "best \(words.joined(separator: " "))",
                    "\(best.value.metricText) in epoch \(best.epoch)"
                ))
        }
        let summary = facts.map {
            "<div><b>\($0.1.escapedForMarkup)</b><span>\($0.0.escapedForMarkup)</span></div>"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(folder.name.escapedForMarkup)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>\(folder.name.escapedForMarkup)</h1>
            <div class="facts">\(summary.joined())</div>
            \(pictures)
            <h2>Epochs</h2>
            \(epochTable)
            <h2>Settings</h2>
            \(settingsTable)
            </body>
            </html>

            """
    }

    private static let style = """
        body{font:15px/1.5 system-ui,Helvetica,Arial,sans-serif;color:#24292f;background:#fff;\
        max-width:1200px;margin:2em auto;padding:0 1em}
        h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em}
        .facts{display:flex;flex-wrap:wrap;gap:1em}
        .facts div{background:#f3f5f7;border-radius:8px;padding:.6em 1em}
        .facts b{display:block;font-size:1.2em}.facts span{color:#6e7781;font-size:.9em}
        img{max-width:100%;height:auto}
        .wide{overflow-x:auto}
        table{border-collapse:collapse}
        td,th{padding:.2em .9em;border-bottom:1px solid #dde1e5;text-align:right}
        td:first-child,th:first-child{text-align:left}
        .settings td{text-align:left;overflow-wrap:anywhere}
        """

    private var pictures: String {
        let sections = [
            ("Curves", "history"), ("What was taken for what", "confusion"),
            ("Precision and recall", "classes"), ("Mistakes", "mistakes"), ("Layers", "model"),
        ]
        return sections.compactMap { title, name in
            guard let bytes = try? FileContents.read(folder.file(name + ".svg")) else { return nil }
            // As an image, so that nothing in an untrusted folder can run as a script.
            let data = Data(bytes).base64EncodedString()
            return
                "<h2>\(title)</h2>\n<img alt=\"\(title)\" src=\"data:image/svg+xml;base64,\(data)\">"
        }.joined(separator: "\n")
    }

    private var epochTable: String {
        let columns = ["epoch"] + quantities + ["seconds"]
        let head = columns.map { "<th>\($0.escapedForMarkup)</th>" }.joined()
        let rows = epochs.map { line in
            let cells = columns.map { "<td>\(cell($0, in: line).escapedForMarkup)</td>" }
            return "<tr>\(cells.joined())</tr>"
        }
        return "<div class=\"wide\"><table><tr>\(head)</tr>\(rows.joined(separator: "\n"))"
            + "</table></div>"
    }

    private func cell(_ column: String, in line: [String: JSONValue]) -> String {
        let isMetric = quantities.contains(column)
        return isMetric
            ? line[column]?.asFloat?.metricText ?? "" : line[column]?.cell ?? ""
    }

    private var settingsTable: String {
        let shown = settings.filter { $0.key != Self.directionsKey }
        let rows = shown.sorted { $0.key < $1.key }.map { key, value in
            "<tr><td>\(key.escapedForMarkup)</td><td>\(value.cell.escapedForMarkup)</td></tr>"
        }
        return "<table class=\"settings\">\(rows.joined(separator: "\n"))</table>"
    }
}
