# Functions of more than 60 lines, in Swift and in C, as the formatter lays them out: a function ends with the first
# brace at its own indentation.
function finish() { if (start && FNR - start + 1 > 60) print "  " FILENAME ":" start ": " FNR - start + 1 " lines"; start = 0 }
FNR == 1 { start = 0 }
{ match($0, /^ */); indent = RLENGTH }
start && indent == depth && /^ *\}/ { finish(); next }
# Whatever else begins at this indentation, but for the rest of a signature, follows a declaration without a body.
start && indent == depth && !/^ *([)>{]|->|where |throws)/ && !/^#/ && !/^$/ { start = 0 }
FILENAME ~ /\.swift$/ && /^ *(@[A-Za-z]+(\([^)]*\))? +)*((public|package|open|internal|private|fileprivate|final|static|class|override|mutating|nonmutating|convenience|required|nonisolated|borrowing|consuming) +)*(func |init[?]?[(<]|deinit |subscript[(<])/ && !/\}$/ {
    start = FNR; depth = indent
}
FILENAME ~ /\.[ch]$/ && /^[A-Za-z_].*\(/ && !/;$/ { start = FNR; depth = 0 }
