"""The public symbols of modules, from the symbol graphs of the compiler, for public_calls.py.

The same symbols come in the same order, so that the same calls are made again.
"""

import collections
import json
import pathlib
import re


def split(text, separator=","):
    """The parts of a text between separators that are in no bracket."""
    parts, depth, quoted = [""], 0, False
    previous = ""
    for character in text:
        quoted ^= character == '"'
        if not quoted:
            depth += character in "([{<"
            depth -= character in ")]}" or (character == ">" and previous != "-")
        if character == separator and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
        previous = character
    return [part.strip() for part in parts if part.strip()]


def closing(text, start):
    """The index after the bracket that closes the one at `start`."""
    depth = 0
    for index in range(start, len(text)):
        depth += text[index] in "(["
        depth -= text[index] in ")]"
        if depth == 0:
            return index + 1
    return len(text)


class Parameter:
    def __init__(self, text):
        self.default = None
        pieces = split(text.replace("==", "\0"), "=")
        if len(pieces) > 1:
            self.default = "=".join(pieces[1:]).strip().replace("\0", "==")
        if ":" not in pieces[0]:
            raise SystemExit(f"not a parameter: {text}")
        names, self.type = (piece.strip() for piece in pieces[0].split(":", 1))
        words = [word for word in names.split() if not word.startswith("@")]
        self.label = words[0]
        self.names = len(words)
        self.isInout = self.type.startswith("inout ")
        self.type = re.sub(r"@\w+(\([^)]*\))?\s*|\binout |\bsending |\bconsuming |\bborrowing ", "", self.type)
        self.type = self.type.replace("Swift.", "").strip()

    @property
    def isPack(self):
        return "repeat each" in self.type


class Graph:
    """The public symbols of some modules, by the names of their types."""

    def __init__(self, folder):
        self.symbols, self.relations = {}, collections.defaultdict(list)
        for path in sorted(pathlib.Path(folder).glob("*.json")):
            graph = json.loads(path.read_text())
            for symbol in sorted(graph["symbols"], key=lambda symbol: symbol["identifier"]["precise"]):
                symbol["module"] = path.name.split(".")[0].split("@")[0]
                self.symbols.setdefault(symbol["identifier"]["precise"], symbol)
            for relation in sorted(graph["relationships"], key=lambda one: (one["source"], one["target"])):
                self.relations[relation["kind"]].append(relation)
        self.kinds, self.members = {}, collections.defaultdict(list)
        for symbol in self.symbols.values():
            path = symbol["pathComponents"]
            self.kinds[".".join(path)] = symbol["kind"]["identifier"]
            self.members[".".join(path[:-1])].append(symbol)
        self.parents, self.conformers = {}, collections.defaultdict(list)
        for kind in ("inheritsFrom", "conformsTo"):
            for relation in self.relations[kind]:
                source, target = self.name(relation["source"]), self.name(relation["target"])
                if source and target and kind == "inheritsFrom":
                    self.parents[source] = target
                elif source and target:
                    self.conformers[target].append(source)

    def name(self, precise):
        symbol = self.symbols.get(precise)
        return ".".join(symbol["pathComponents"]) if symbol else None

    def ancestors(self, name):
        while name:
            yield name
            name = self.parents.get(name)

    @staticmethod
    def declaration(symbol):
        return "".join(part["spelling"] for part in symbol["declarationFragments"])

    def parameters(self, symbol):
        text = self.declaration(symbol)
        title = symbol["names"]["title"]
        word = {"swift.init": "init", "swift.subscript": "subscript"}.get(symbol["kind"]["identifier"])
        start = text.index("(", text.index(word if word else "func "))
        if symbol["kind"]["identifier"] == "swift.func.op":
            operator = title.split("(")[0]
            start = text.index("(", text.index("func " + operator) + 5 + len(operator) - (1 if operator.endswith("(") else 0))
        return [Parameter(part) for part in split(text[start + 1 : closing(text, start) - 1])]

    def initializers(self, name):
        """Those of a type itself, except that from a file, which all layers have."""
        return [s for s in self.members[name] if s["kind"]["identifier"] == "swift.init"
                and "Configuration" not in self.declaration(s)]

    def conforms(self, name, protocol):
        return any(name == other or self.conforms(name, other) for other in self.conformers[protocol])

    @staticmethod
    def title(symbol):
        return symbol["module"] + "." + ".".join(symbol["pathComponents"])
