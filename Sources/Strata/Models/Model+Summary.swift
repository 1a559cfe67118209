extension Model {
    /// The model as a table: layers, output shapes, and numbers of parameters.
    ///
    /// - Parameters:
    ///   - lineLength: the number of characters in a line, 40 to 10,000; 76 if left out.
    ///   - expandNested: whether the layers of nested models are listed too.
    ///   - showTrainable: whether a column shows if a layer is trainable.
    ///   - layerRange: the names of the first and the last listed layer; all if left out.
    /// - Returns: the text, in the format of Keras 3.15.1's `summary`.
    public func summary(
        lineLength: Int? = nil, expandNested: Bool = false, showTrainable: Bool = false,
        layerRange: (first: String, last: String)? = nil
    ) -> String {
        let isChain = wiring.map { self.isChain($0) } ?? true
        var columns = ["Layer (type)", "Output Shape", "Param #"]
        if !isChain { columns.append("Connected to") }
        if showTrainable { columns.append("Trainable") }
        var table = TextTable(
            columns: columns,
            widths: Self.widths(
                min(max(lineLength ?? 76, 40), 10_000), isChain: isChain,
                showsTrainable: showTrainable),
            rightAligned: 2, centered: showTrainable ? columns.count - 1 : nil)
        func append(_ layer: Layer, of model: Model, depth: Int) {
            let prefix = depth > 0 ? String(repeating: "   ", count: depth) + "└ " : ""
            var cells = [
                "\(prefix)\(layer.name) (\(Self.className(of: layer)))",
                model.outputText(of: layer),
                layer.builtShapes == nil && !(layer is InputLayer)
                    ? "0 (unbuilt)" : decimal(layer.countParams()),
            ]
            // Keras does not show how layers of nested models are connected.
            if !isChain { cells.append(depth > 0 ? "-" : sources(of: layer)) }
            if showTrainable {
                cells.append(layer.weights.isEmpty ? "-" : layer.isTrainable ? "Y" : "N")
            }
            table.append(cells)
            guard expandNested, let inner = layer as? Model else { return }
            for layer in inner.rows { append(layer, of: inner, depth: depth + 1) }
        }
        for layer in layers(in: layerRange) { append(layer, of: self, depth: 0) }
        return (["Model: \"\(name)\"", table.description] + totals()).joined(separator: "\n")
    }

    /// The layers, and the operations between them from a file.
    private var rows: [Layer] { self is Sequential ? layers : wiring?.layers ?? [] }

    private static func className(of layer: Layer) -> String {
        (layer as? OperationLayer)?.object.className ?? type(of: layer).className
    }

    private func layers(in range: (first: String, last: String)?) -> ArraySlice<Layer> {
        let layers = rows
        guard let range else { return layers[...] }
        let first = layers.firstIndex { $0.name == range.first } ?? 0
        let last = layers.lastIndex { $0.name == range.last } ?? layers.count - 1
        return first <= last ? layers[first...last] : []
    }

    /// The widths of the columns of Keras's table, as fractions of the line, without the padding
    /// and lines of rich (`rich.table.Table._calculate_column_widths`).
    private static func widths(_ length: Int, isChain: Bool, showsTrainable: Bool) -> [Int] {
        var positions = isChain ? [0.45, 0.8, 1] : [0.3, 0.56, 0.74, 1]
        if showsTrainable { positions = positions.map { $0 * 0.9 } + [1] }
        var last = 0
        var widths: [Int] = []
        for position in positions {
            let end = Int(position * Double(length))
            widths.append(end - last + 2)
            last = end
        }
        var excess = widths.reduce(widths.count + 1, +) - length
        for index in widths.indices {
            let share = Double(excess) / Double(widths.count - index)
            widths[index] -= Int(share.rounded(.toNearestOrEven))
            excess -= Int(share.rounded(.toNearestOrEven))
        }
        return widths
    }

    private func isChain(_ wiring: Wiring) -> Bool {
        var seen: Set<ObjectIdentifier> = []
        return self is Sequential
            || wiring.inputs.count == 1 && wiring.outputs.count == 1
                && wiring.steps.allSatisfy { step in
                    guard case .call(let call) = step else { return false }
                    return call.inputs.count == 1
                        && seen.insert(ObjectIdentifier(call.layer)).inserted
                }
                && Set(
                    wiring.steps.compactMap { $0.inputs.first?.producer }.map {
                        ObjectIdentifier($0)
                    }
                ).count == wiring.steps.count
    }

    private func calls(of layer: Layer) -> [LayerCall] {
        if layer is InputLayer {
            return inputs.compactMap { $0.producer as? LayerCall }.filter { $0.layer === layer }
        }
        return (wiring?.steps ?? []).compactMap { step in
            guard case .call(let call) = step, call.layer === layer else { return nil }
            return call
        }
    }

    private func outputText(of layer: Layer) -> String {
        var texts: [String] = []
        for call in calls(of: layer) {
            let shapes = call.outputs.map { $0.shape.description }
            let text = shapes.count == 1 ? shapes[0] : "[\(shapes.joined(separator: ", "))]"
            if !texts.contains(text) { texts.append(text) }
        }
        return texts.isEmpty ? "?" : texts.joined(separator: ", ")
    }

    private func sources(of layer: Layer) -> String {
        let all = calls(of: layer).flatMap { call in
            call.inputs.compactMap { input -> String? in
                guard let source = input.producer as? LayerCall else { return nil }
                return "\(source.layer.name)[\(source.index)][\(input.producerOutput)]"
            }
        }
        return all.isEmpty ? "-" : all.joined(separator: ", ")
    }

    private func totals() -> [String] {
        let trainable = trainableWeights
        let other = nonTrainableWeights
        var lines = [
            line("Total params", weights, optimizerVariables),
            line("Trainable params", trainable, []),
            line("Non-trainable params", other, []),
        ]
        if !optimizerVariables.isEmpty {
            lines.append(line("Optimizer params", optimizerVariables, []))
        }
        return lines
    }

    private func line(_ title: String, _ variables: [Variable], _ more: [Variable]) -> String {
        let all = variables + more
        let count = all.reduce(0) { $0 + $1.shape.reduce(1, *) }
        let bytes = all.reduce(0) { $0 + $1.shape.reduce(1, *) * $1.dtype.byteCount }
        return " \(title): \(decimal(count)) (\(byteText(bytes)))"
    }

    /// 1,234,567.
    private func decimal(_ number: Int) -> String {
        var digits = Array("\(number)")
        var offset = digits.count - 3
        while offset > 0 {
            digits.insert(",", at: offset)
            offset -= 3
        }
        return String(digits)
    }

    private func byteText(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "KB", "MB", "GB"] {
            if value < 1024 || unit == "GB" { return "\(hundredths(value)) \(unit)" }
            value /= 1024
        }
        return ""
    }

    private func hundredths(_ value: Double) -> String {
        let scaled = Int((value * 100).rounded(.toNearestOrEven))
        let rest = scaled % 100
        return "\(scaled / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
