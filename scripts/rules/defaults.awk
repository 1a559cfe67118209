# Prints the file and the subject of each `switch` that has a `default:`.
FNR == 1 { delete subject }
{ match($0, /^ */); indent = RLENGTH }
/(^|[^A-Za-z.])switch .*\{$/ {
    text = $0
    sub(/.*switch /, "", text)
    sub(/ *\{$/, "", text)
    subject[indent] = text
}
/^ *(@unknown )?default:/ { print FILENAME ": " subject[indent] }
