import Foundation
import Strata

/// The terminal at standard output.
struct Terminal {
    /// The number of characters in a line.
    let width: Int
    /// Whether to use colours.
    let hasColours: Bool
    /// The way to show pictures.
    var graphics = Graphics.characters
    /// Whether it is a terminal at all.
    var isTerminal = false

    /// The ways to show a picture.
    enum Graphics: String, CaseIterable {
        case kitty
        case sixel
        case characters

        /// Detected from the terminal's environment; `STRATA_GRAPHICS` overrides it.
        init(_ environment: [String: String]) {
            let names = [environment["TERM"] ?? "", environment["TERM_PROGRAM"] ?? ""]
                .map { $0.lowercased() }
            func isOne(of known: [String]) -> Bool {
                names.contains { name in known.contains { name.contains($0) } }
            }
            if let wish = environment["STRATA_GRAPHICS"].flatMap(Graphics.init(rawValue:)) {
                self = wish
            } else if environment["KITTY_WINDOW_ID"] != nil || isOne(of: ["kitty", "ghostty"]) {
                self = .kitty
            } else if isOne(of: ["sixel", "foot", "mlterm", "wezterm", "iterm", "contour"]) {
                self = .sixel
            } else {
                self = .characters
            }
        }
    }

    static var standardOutput: Terminal {
        let environment = ProcessInfo.processInfo.environment
        guard let window = TerminalWindow() else { return Terminal(width: 80, hasColours: false) }
        // no-color.org: any value but the empty one disables colours.
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return Terminal(
            width: window.columns, hasColours: !isPlain,
            graphics: Graphics(environment), isTerminal: true)
    }
}
