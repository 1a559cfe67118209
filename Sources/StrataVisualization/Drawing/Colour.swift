/// A colour in sRGB.
public struct Colour: Sendable, Hashable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// A colour from six hexadecimal digits, as in `0xFF8800`.
    public init(_ hexadecimal: UInt32) {
        self.init(
            UInt8(truncatingIfNeeded: hexadecimal >> 16),
            UInt8(truncatingIfNeeded: hexadecimal >> 8), UInt8(truncatingIfNeeded: hexadecimal))
    }

    public static let white = Colour(0xFFFFFF)
    public static let black = Colour(0x000000)
    static let ink = Colour(0x24292F)
    static let quiet = Colour(0x6E7781)
    package static let rule = Colour(0xDDE1E5)
    static let shade = Colour(0xF3F5F7)

    /// The colour of values that are not finite.
    static let notFinite = Colour(0xFF6FB5)
    /// The colour of constant values.
    package static let constant = Colour(0xB4BAC1)

    /// Colours for the colour-blind (Okabe and Ito, 2008), without yellow, which is hard to see on
    /// white.
    package static let series = [
        Colour(0x0072B2), Colour(0xD55E00), Colour(0x009E73), Colour(0xCC79A7), Colour(0xE69F00),
        Colour(0x56B4E9),
    ]

    /// The colour in SVG and HTML: `#ff8800`.
    var code: String {
        "#"
            + [red, green, blue].map { value in
                let digits = String(value, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }

    /// Black or white, for the better contrast on this colour (the luma of ITU-R BT.601).
    var contrast: Colour {
        299 * Int(red) + 587 * Int(green) + 114 * Int(blue) > 140_000 ? .ink : .white
    }

    /// The colour between this one (0) and another (1).
    package func mixed(with other: Colour, _ share: Double) -> Colour {
        let share = share.isNaN ? 0 : min(max(share, 0), 1)
        func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
            UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded())
        }
        return Colour(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
    }
}

/// A colour map.
public struct ColourMap: Sendable, Hashable {
    private let stops: [Colour]

    /// For 0 … 1, dark to bright, perceptually uniform; nine colours of viridis (van der Walt and
    /// Smith, 2015), interpolated.
    public static let brightness = ColourMap(stops: [
        Colour(0x440154), Colour(0x472D7B), Colour(0x3B528B), Colour(0x2C728E), Colour(0x21918C),
        Colour(0x28AE80), Colour(0x5EC962), Colour(0xADDC30), Colour(0xFDE725),
    ])

    /// For 0 … 1 around 0.5: blue below, white, red above.
    public static let balance = ColourMap(stops: [
        Colour(0x2166AC), Colour(0x92C5DE), Colour(0xF7F7F7), Colour(0xF4A582), Colour(0xB2182B),
    ])

    /// For 0 … 1, white to a deep blue.
    public static let amount = ColourMap(stops: [
        Colour(0xFFFFFF), Colour(0xC6DBEF), Colour(0x6BAED6), Colour(0x08519C),
    ])

    /// For 0 … 1, the black, red, yellow and white of glowing metal.
    public static let heat = ColourMap(stops: [
        Colour(0x1A0A2A), Colour(0x8C1D40), Colour(0xF1731F), Colour(0xFFD84A), Colour(0xFFFFE0),
    ])

    /// The colour of a value, which is clipped to 0 … 1.
    public func colour(_ value: Double) -> Colour {
        let position = (value.isNaN ? 0 : min(max(value, 0), 1)) * Double(stops.count - 1)
        let index = min(Int(position), stops.count - 2)
        return stops[index].mixed(with: stops[index + 1], position - Double(index))
    }
}
