import Foundation
import Strata

/// What standard output leads to.
struct Terminal {
    /// Characters in a line.
    let width: Int
    /// Whether colours may be used.
    let hasColours: Bool
    /// How pictures are shown.
    var graphics = Graphics.characters
    /// Whether it is a terminal at all.
    var isTerminal = false

    /// The ways to show a picture.
    enum Graphics: String, CaseIterable {
        case kitty
        case sixel
        case characters

        /// What the terminal says of itself; `STRATA_GRAPHICS` decides where it says too little.
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
        // no-color.org: any value but the empty one asks for none.
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return Terminal(
            width: window.columns, hasColours: !isPlain,
            graphics: Graphics(environment), isTerminal: true)
    }
}
