/// A least-recently-used cache.
package struct RecentlyUsed<Key: Hashable, Value> {
    package let capacity: Int
    private var entries: [Key: (value: Value, lastUse: Int)] = [:]
    private var uses = 0

    package init(capacity: Int) {
        self.capacity = capacity
    }

    package var count: Int { entries.count }

    /// The value of a key, which becomes the most recently used.
    package mutating func find(_ key: Key) -> Value? {
        guard let found = entries.index(forKey: key) else { return nil }
        uses += 1
        entries.values[found].lastUse = uses
        return entries.values[found].value
    }

    package mutating func insert(_ value: Value, for key: Key) {
        uses += 1
        if entries.count >= capacity, entries[key] == nil {
            // By position: a key that contains NaN is not equal to itself.
            let oldest = entries.indices.min {
                entries.values[$0].lastUse < entries.values[$1].lastUse
            }
            if let oldest { entries.remove(at: oldest) }
        }
        entries[key] = (value, uses)
    }

    package mutating func removeAll() { entries = [:] }
}
