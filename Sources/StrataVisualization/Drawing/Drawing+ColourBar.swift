extension Drawing {
    /// Adds a colour bar, with the largest value at the top.
    ///
    /// - Parameters:
    ///   - frame: the frame of the bar; labels are on its right.
    ///   - texts: labels from bottom to top, evenly spaced.
    ///   - colour: the colour of a fraction from 0, the bottom, to 1.
    mutating func colourBar(
        in frame: Frame, texts: [String], colour: (Double) -> Colour
    ) {
        let steps = 48
        let height = frame.height / Double(steps)
        for step in 0..<steps {
            // A little higher than the step, so that no gap is visible between two.
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
