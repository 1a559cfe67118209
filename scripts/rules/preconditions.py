"""The list of preconditions in docs/tensors.md, for public_calls.py and run_calls.py."""

import pathlib
import re


def listed(document):
    """The names of the entry points, without their module."""
    text = pathlib.Path(document).read_text()
    table = text.partition("## Preconditions")[2].partition("\n## ")[0]
    rows = [line.replace("\\|", "\0") for line in table.splitlines() if line.startswith("| `")]
    return {name.replace("\0", "|") for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def problems(document, symbols):
    """Where the list and the documentation of the symbols, each with its name, differ."""
    names, documented = listed(document), {}
    for name, symbol in symbols:
        comment = "\n".join(line["text"] for line in symbol.get("docComment", {}).get("lines", []))
        if "- Precondition:" in comment:
            # What implements a requirement has its comment, if it has none of its own.
            documented.setdefault((name.rpartition(".")[2], comment), set()).add(name)
    found = set().union(*documented.values())
    return [f"{name}: {document} lists it, but its comment has no - Precondition:" for name in sorted(names - found)] + [
        f"{min(group)}: its comment has a - Precondition:, but {document} does not list it"
        for group in documented.values() if not group & names]
