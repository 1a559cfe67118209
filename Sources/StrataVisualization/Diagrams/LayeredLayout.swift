/// A layered graph layout: sources above, each box below its inputs.
///
/// The method of Sugiyama, Tagawa and Toda (1981): ranks by the longest path from a source, long
/// edges through every rank between, an order within each rank with few crossings, and positions
/// near the mean of the neighbours.
struct LayeredLayout {
    private static let gap = 28.0
    private static let rankGap = 34.0
    /// The width of an edge between boxes.
    private static let lane = 12.0

    /// The centre of each box.
    private(set) var centres: [Point] = []
    /// The polylines of the edges, in order, from the lower side of a box to the upper side of
    /// another.
    private(set) var routes: [[Point]] = []
    /// The lower right corner of the layout; the upper left is at 0, 0.
    private(set) var extent = Point(0, 0)

    /// A box, or a point where an edge passes a rank.
    private struct Stop {
        var rank: Int
        var width: Double
        var height: Double
        var centre = 0.0
    }

    private var stops: [Stop] = []
    private var rows: [[Int]] = []
    private var above: [[Int]] = []
    private var below: [[Int]] = []

    /// - Parameters:
    ///   - sizes: width and height of each box.
    ///   - edges: from box to box, by index; without cycles.
    init(sizes: [Point], edges: [(from: Int, to: Int)]) {
        let ranks = LayeredLayout.ranks(sizes.count, edges)
        for (size, rank) in zip(sizes, ranks) {
            stops.append(Stop(rank: rank, width: size.x, height: size.y))
        }
        let chains = edges.map { chain($0) }
        rows = Array(repeating: [], count: (ranks.max() ?? -1) + 1)
        for (number, stop) in stops.enumerated() { rows[stop.rank].append(number) }
        above = stops.map { _ in [] }
        below = above
        for chain in chains {
            for (upper, lower) in zip(chain, chain.dropFirst()) {
                below[upper].append(lower)
                above[lower].append(upper)
            }
        }
        orderRows()
        positionStops()
        finish(sizes.count, chains)
    }

    private static func ranks(_ count: Int, _ edges: [(from: Int, to: Int)]) -> [Int] {
        var ranks = Array(repeating: 0, count: count)
        // Each round settles one more rank; a cycle, which no model has, would end here.
        for _ in 0..<max(count, 1) {
            var isSettled = true
            for edge in edges where ranks[edge.to] <= ranks[edge.from] {
                ranks[edge.to] = ranks[edge.from] + 1
                isSettled = false
            }
            if isSettled { break }
        }
        return ranks
    }

    /// The stops of an edge: its ends, and one in each rank between them.
    private mutating func chain(_ edge: (from: Int, to: Int)) -> [Int] {
        var chain = [edge.from]
        for rank in stops[edge.from].rank + 1..<max(stops[edge.to].rank, stops[edge.from].rank + 1)
        {
            chain.append(stops.count)
            stops.append(Stop(rank: rank, width: LayeredLayout.lane, height: 0))
        }
        return chain + [edge.to]
    }

    /// Sorts each row by the mean position of the neighbours, downward and upward in turn.
    private mutating func orderRows() {
        var order = Array(repeating: 0.0, count: stops.count)
        func remember(_ row: [Int]) {
            for (index, stop) in row.enumerated() { order[stop] = Double(index) }
        }
        for row in rows { remember(row) }
        for round in 0..<8 {
            let isDownward = round % 2 == 0
            for index in isDownward ? Array(rows.indices) : rows.indices.reversed() {
                let neighbours = isDownward ? above : below
                let keys = rows[index].enumerated().map { position, stop in
                    let near = neighbours[stop].map { order[$0] }
                    let mean = near.reduce(0, +) / Double(max(near.count, 1))
                    return (near.isEmpty ? Double(position) : mean, position, stop)
                }
                rows[index] = keys.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
                remember(rows[index])
            }
        }
    }

    /// Moves each row as close to its neighbours as the boxes' widths allow.
    private mutating func positionStops() {
        for row in rows { settle(row, wanted: row.map { _ in 0 }) }
        for round in 0..<12 {
            let isDownward = round % 2 == 0
            for index in isDownward ? Array(rows.indices) : rows.indices.reversed() {
                let wanted = rows[index].map { stop in
                    let near =
                        round < 8 ? (isDownward ? above : below)[stop] : above[stop] + below[stop]
                    guard !near.isEmpty else { return stops[stop].centre }
                    return near.map { stops[$0].centre }.reduce(0, +) / Double(near.count)
                }
                settle(rows[index], wanted: wanted)
            }
        }
    }

    /// The positions nearest to the desired ones (least squares) that keep order and distance:
    /// pools of neighbours that would overlap move together to their mean.
    private mutating func settle(_ row: [Int], wanted: [Double]) {
        var offsets: [Double] = []
        var offset = 0.0
        for (index, stop) in row.enumerated() {
            if index > 0 {
                offset += (stops[row[index - 1]].width + stops[stop].width) / 2 + LayeredLayout.gap
            }
            offsets.append(offset)
        }
        var pools: [(sum: Double, count: Int)] = []
        for (position, offset) in zip(wanted, offsets) {
            var pool = (sum: position - offset, count: 1)
            while let last = pools.last,
                last.sum / Double(last.count) > pool.sum / Double(pool.count)
            {
                pools.removeLast()
                pool = (last.sum + pool.sum, last.count + pool.count)
            }
            pools.append(pool)
        }
        var index = 0
        for pool in pools {
            for _ in 0..<pool.count {
                stops[row[index]].centre = pool.sum / Double(pool.count) + offsets[index]
                index += 1
            }
        }
    }

    private mutating func finish(_ boxCount: Int, _ chains: [[Int]]) {
        let left = stops.map { $0.centre - $0.width / 2 }.min() ?? 0
        var middles: [Double] = []
        var heights: [Double] = []
        var top = 0.0
        for row in rows {
            let height = row.map { stops[$0].height }.max() ?? 0
            middles.append(top + height / 2)
            heights.append(height)
            top += height + LayeredLayout.rankGap
        }
        extent = Point(
            (stops.map { $0.centre + $0.width / 2 }.max() ?? 0) - left,
            max(top - LayeredLayout.rankGap, 0))
        func position(_ stop: Int) -> Point {
            Point(stops[stop].centre - left, middles[stops[stop].rank])
        }
        centres = (0..<boxCount).map(position)
        routes = chains.map { chain in
            chain.enumerated().flatMap { index, stop -> [Point] in
                let point = position(stop)
                let (half, room) = (stops[stop].height / 2, heights[stops[stop].rank] / 2)
                // Straight past the boxes of the rank, and to a box that is lower than its neighbours.
                let (upper, lower) = (
                    Point(point.x, point.y - room), Point(point.x, point.y + room)
                )
                let isLow = half < room
                if index == 0 {
                    return [Point(point.x, point.y + half)] + (isLow ? [lower] : [])
                }
                if index == chain.count - 1 {
                    return (isLow ? [upper] : []) + [Point(point.x, point.y - half)]
                }
                return [upper, lower]
            }
        }
    }
}
