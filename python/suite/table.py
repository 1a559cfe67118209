"""Results as text."""

import re
from collections import Counter
from collections import defaultdict

from suite.results import Case
from suite.results import File

_OUTCOMES = ("passed", "failed", "skipped", "excluded")


def table(files: list[File], backend: str, against: dict[str, File], other: str) -> str:
    """A row for each folder, and how many of another backend's passing tests pass here."""
    rows: dict[str, Counter] = defaultdict(Counter)
    for file in files:
        folder = file.path.split("/")[0]
        for row in (rows[folder], rows["all"]):
            row.update(test.outcome for test in file.tests)
            row["seconds"] += file.seconds
            row.update(_common(file, against.get(file.path)))
    head = ["folder", *_OUTCOMES, "seconds"]
    if against:
        head += [f"passed on {other}", "of these", "share"]
    lines = [head]
    for folder in [*sorted(rows.keys() - {"all"}), "all"]:
        row = rows[folder]
        line = [folder, *(str(row[outcome]) for outcome in _OUTCOMES), f"{row['seconds']:.0f}"]
        if against:
            share = f"{row['both'] / row['other']:.1%}" if row["other"] else "-"
            line += [str(row["other"]), str(row["both"]), share]
        lines.append(line)
    return f"Keras's tests on {backend}\n\n" + _aligned(lines)


def _common(file: File, other: File | None) -> dict[str, int]:
    """How many tests pass on the other backend, and how many of these pass here too."""
    if other is None:
        return {}
    names = {test.id for test in file.tests}
    theirs = {test.id for test in other.tests if test.outcome == "passed"} & names
    ours = {test.id for test in file.tests if test.outcome == "passed"}
    return {"other": len(theirs), "both": len(theirs & ours)}


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    lines = [
        lines[0],
        ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])],
        *lines[1:],
    ]
    return "\n".join(
        "| " + " | ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) + " |"
        for line in lines
    )


def failures(failed: list[Case]) -> str:
    """The failures, those with the same message together, the most frequent first."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for test in failed:
        # Numbers, addresses and values differ where the reason is the same.
        key = re.sub(r"0x[0-9a-f]+|-?\d+(\.\d+)?(e[+-]?\d+)?", "#", test.message.split("\n")[0])
        groups[key].append(test)
    text = []
    for tests in sorted(groups.values(), key=len, reverse=True):
        text.append(f"\n{len(tests)} × {tests[0].message[:400]}")
        text += [f"    {test.id}" for test in tests]
    return "\n".join(text)


def summary(files: list[File]) -> str:
    """The counts as other runners print them."""
    counts = Counter(test.outcome for file in files for test in file.tests)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped"))
