extension Drawing {
    /// Adds a bar that tells which value has which colour, the largest at the top.
    ///
    /// - Parameters:
    ///   - frame: of the bar; the values stand on its right.
    ///   - texts: values from the bottom to the top, at equal distances.
    ///   - colour: of a share between 0, the bottom, and 1.
    mutating func colourBar(
        in frame: Frame, texts: [String], colour: (Double) -> Colour
    ) {
        let steps = 48
        let height = frame.height / Double(steps)
        for step in 0..<steps {
            // A little higher than the step, so that no line of the background is left between two.
            let top = frame.y + frame.height - height * Double(step + 1)
            let overlap = step == 0 ? 0 : 0.6
            fill(
                Frame(frame.x, top, frame.width, height + overlap),
                colour((Double(step) + 0.5) / Double(steps)))
        }
        stroke(frame, .quiet, width: 0.75)
        for (index, text) in texts.enumerated() {
            let share = Double(index) / Double(max(texts.count - 1, 1))
            let y = frame.y + frame.height * (1 - share)
            let right = frame.x + frame.width
            line([Point(right, y), Point(right + 4, y)], .quiet)
            self.text(text, at: Point(right + 8, y + 4), size: 11, .ink)
        }
    }
}
