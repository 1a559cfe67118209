/// One or several integers: for arguments with a value for each axis or one for all.
///
/// It may be a variable, an array, or the elements of a tuple: `3`, `size`, `[3, 5]`, `(3, 5)`.
public protocol IntegerList {
    /// All values, in order.
    var integers: [Int] { get }
}

extension Int: IntegerList {
    public var integers: [Int] { [self] }
}

extension Array: IntegerList where Element == Int {
    public var integers: [Int] { self }
}

extension IntegerList {
    /// The values of an argument; `nil` if it was left out.
    static func joined<each Part: IntegerList>(_ parts: repeat each Part) -> [Int]?
    where Self == [Int] {
        var lists: [[Int]] = []
        repeat lists.append((each parts).integers)
        return lists.isEmpty ? nil : lists.flatMap(\.self)
    }
}
