/// The strength of a random transformation: a number for a symmetric range, or a range.
///
/// ```swift
/// RandomRotation(0.1)           // up to a tenth of a turn to either side
/// RandomRotation([0.05, 0.1])   // to one side only
/// ```
public struct RandomFactor: Sendable, Hashable, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral
{
    /// One number, or the two bounds of a range.
    let numbers: [Float]

    public init(_ number: Double) { self.init([number]) }
    public init(_ numbers: [Double]) { self.numbers = numbers.map { Float($0) } }
    public init(floatLiteral value: Double) { self.init(value) }
    public init(integerLiteral value: Int) { self.init(Double(value)) }
    public init(arrayLiteral elements: Double...) { self.init(elements) }

    /// The value of an argument; `fallback` if it was left out.
    init<each Part: NumberList>(joining parts: repeat each Part, or fallback: RandomFactor = []) {
        self = RandomFactor.joined(repeat each parts) ?? fallback
    }

    /// The value of an argument; `nil` if it was left out.
    static func joined<each Part: NumberList>(_ parts: repeat each Part) -> RandomFactor? {
        var lists: [[Double]] = []
        repeat lists.append((each parts).doubles)
        return lists.isEmpty ? nil : RandomFactor(lists.flatMap(\.self))
    }

    /// - Throws: if it is neither one number nor two, or out of bounds.
    func check(_ name: String, _ bounds: ClosedRange<Float>) throws(GraphError.Problem) {
        guard (1...2).contains(numbers.count), numbers.allSatisfy(bounds.contains) else {
            let shown = numbers.count == 1 ? "\(numbers[0])" : "\(numbers)"
            throw .invalidArgument(
                "\(name) is \(shown)",
                fix: "use a number or two from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
    }

    /// The bounds; a single number reaches to both sides as far as they are allowed.
    func range(in bounds: ClosedRange<Float>) -> ClosedRange<Float> {
        let sorted = numbers.filter { !$0.isNaN }.sorted()
        guard let low = sorted.first, let high = sorted.last else { return 0...0 }
        if numbers.count > 1 { return low...high }
        let size = abs(low)
        return max(-size, min(bounds.lowerBound, size))...size
    }

    /// As it was given.
    var json: JSONValue {
        numbers.count == 1 ? .float(numbers[0]) : .array(numbers.map { .float($0) })
    }
}

extension RandomFactor: NumberList {
    public var doubles: [Double] { numbers.map(\.asWritten) }
}

extension ClosedRange<Double> {
    /// The range between the ends as they are stored.
    var inFloat32: ClosedRange<Float> { Float(lowerBound)...Float(upperBound) }
}

extension ClosedRange<Float> {
    var json: JSONValue { .array([.float(lowerBound), .float(upperBound)]) }
}

extension Configuration {
    func factor(_ key: String, default fallback: RandomFactor? = nil) throws(ConfigurationError)
        -> RandomFactor
    {
        RandomFactor(try doubles(key, default: fallback?.doubles))
    }

    func optionalFactor(_ key: String) throws(ConfigurationError) -> RandomFactor? {
        value(key) == nil ? nil : try factor(key)
    }

    /// Two numbers as a range.
    func range(_ key: String, default fallback: ClosedRange<Double>) throws(ConfigurationError)
        -> ClosedRange<Double>
    {
        let numbers = try doubles(key, default: [fallback.lowerBound, fallback.upperBound]).sorted()
        guard numbers.count == 2, numbers.allSatisfy(\.isFinite) else {
            throw failure(key, "should be two numbers")
        }
        return numbers[0]...numbers[1]
    }
}
