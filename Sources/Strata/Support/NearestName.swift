/// The name among `names` that is most similar to `text`; `nil` if none is similar.
///
/// Case is ignored. A name is similar if it contains the text or is contained in it, from three
/// letters on, or if it differs by one or two edits: an inserted, missing or wrong letter, or two
/// swapped neighbours; by more only in longer words.
package func nearestName(to text: String, among names: some Sequence<String>) -> String? {
    if text.isEmpty { return nil }
    let wanted = Array(text.lowercased())
    let limit = max((wanted.count + 1) / 3, 1)
    var best: (name: String, rank: (Int, Int))?
    for name in names {
        let candidate = name.lowercased()
        let isPart =
            min(wanted.count, candidate.count) > 2
            && (candidate.contains(String(wanted)) || String(wanted).contains(candidate))
        let slips = slips(wanted, Array(candidate))
        // A missing beginning or end counts as one edit.
        let rank = (isPart ? min(slips, 1) : slips, slips)
        if rank.0 <= limit, rank < best?.rank ?? (.max, .max) { best = (name, rank) }
    }
    return best?.name
}

/// The edit distance of two words, with swaps of neighbours.
private func slips(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var least = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                least = min(least, before[j - 1] + 1)
            }
            row.append(least)
        }
        (before, last) = (last, row)
    }
    return last[b.count]
}
