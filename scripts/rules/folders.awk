# Types that a file names though a later folder declares them. Reads all files twice: first what they declare, then
# what they name. `root` is the folder of the folders; `order` has them from the earliest to the latest, a semicolon
# between stages; `allowed` has exceptions, each as Folder/Type.
function folder(path,    parts) {
    split(substr(path, length(root) + 2), parts, "/")
    return parts[1]
}
BEGIN {
    stages = split(order, stage, ";")
    for (i = 1; i <= stages; i++) {
        count = split(stage[i], names, " ")
        for (j = 1; j <= count; j++) rank[names[j]] = i
    }
    count = split(allowed, names, " ")
    for (i = 1; i <= count; i++) excepted[names[i]] = 1
}
FNR == 1 { pass[FILENAME]++; isText = 0 }
/"""/ { isText = !isText; next }
isText { next }
pass[FILENAME] == 1 {
    if (!(folder(FILENAME) in rank) && !told[folder(FILENAME)]++) {
        print "  " FILENAME ": the folder " folder(FILENAME) " is not in the order"
    }
    if (match($0, /^ *((public|package|open|private|fileprivate|final|indirect|nonisolated|@unchecked) +)*(class|struct|enum|protocol|typealias|actor) +[A-Z][A-Za-z0-9_]*/)) {
        name = substr($0, RSTART, RLENGTH)
        isNested = name ~ /^ |private/
        sub(/.* /, "", name)
        if (isNested) own[FILENAME, name] = 1
        else if (name in home && home[name] != folder(FILENAME)) home[name] = ""
        else home[name] = folder(FILENAME)
    }
    next
}
{
    line = $0
    sub(/\/\/.*/, "", line)
    gsub(/"([^"\\]|\\.)*"/, "", line)
    while (match(line, /[.A-Za-z0-9_]+/)) {
        word = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        sub(/\..*/, "", word)
        if (!(word in home) || home[word] == "" || (FILENAME, word) in own) continue
        from = folder(FILENAME)
        if (rank[home[word]] > rank[from] && !((from "/" word) in excepted) && !named[FILENAME, word]++) {
            print "  " FILENAME ":" FNR ": " word " is in " home[word] ", which comes later"
        }
    }
}
