/// A whole number or several: what arguments take that have a value for each axis or one for all.
///
/// It may be a variable, an array, or the elements of a tuple: `3`, `size`, `[3, 5]`, `(3, 5)`.
public protocol IntegerList {
    /// All of them, in their order.
    var integers: [Int] { get }
}

extension Int: IntegerList {
    public var integers: [Int] { [self] }
}

extension Array: IntegerList where Element == Int {
    public var integers: [Int] { self }
}

extension IntegerList {
    /// The values that were written for an argument; `nil` where nothing was.
    static func joined<each Part: IntegerList>(_ parts: repeat each Part) -> [Int]?
    where Self == [Int] {
        var lists: [[Int]] = []
        repeat lists.append((each parts).integers)
        return lists.isEmpty ? nil : lists.flatMap(\.self)
    }
}
