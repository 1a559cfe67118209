"""Writes a Swift program that calls every public entry point of the library with hostile values.

The entries come from symbol graphs, so that a new function is called without anyone's doing. Values
come from Tests/PublicCalls/Values.swift by the types of the parameters; a type that has cases or
initializers is made with them, from values of the same kind.

usage: public_calls.py FOLDER_OF_SYMBOL_GRAPHS EXCEPTIONS DOCUMENT_OF_PRECONDITIONS OUTPUT_FOLDER
"""

import json
import pathlib
import re
import sys

import preconditions
from call_values import ABSTRACT, EXTENDED, SIMPLE, SPECIAL, UNUSUAL
from symbol_graph import Graph, closing, split

KINDS = {"swift.init", "swift.method", "swift.type.method", "swift.func", "swift.func.op",
         "swift.subscript", "swift.property", "swift.type.property"}  # fmt: skip


class Requirement(Exception):
    """What a type conforms to a protocol with is an entry, the protocol's declaration is not."""


class Program(Graph):
    def __init__(self, folder, exceptions):
        super().__init__(folder)
        self.exceptions, self.used = exceptions, set()
        self.makers, self.entries, self.problems = {}, [], []

    # Values

    def value(self, kind, owner, pair=False):
        """An expression for a value of a type; `None` where there is none."""
        kind = kind.strip()
        if kind in SIMPLE:
            return SIMPLE[kind]
        if kind == "Self":
            return self.value(owner, owner)
        if "repeat each" in kind:
            one = "g.double()" if kind in self.numbers else "g.int()"
            return f"({one}, {one})" if pair else one
        if kind.endswith("?"):
            inner = self.value(kind[:-1].strip(), owner)
            return inner and f"try g.optional({inner})"
        if kind.startswith("(") and kind.endswith(")") and closing(kind, 0) == len(kind):
            parts = split(kind[1:-1])
            if len(parts) == 1:
                return self.value(parts[0], owner)
            values = []
            for part in parts:
                pieces = split(part, ":")
                inner = self.value(pieces[-1], owner)
                if inner is None:
                    return None
                values.append(f"{pieces[0]}: {inner}" if len(pieces) == 2 else inner)
            return f"({', '.join(values)})"
        if kind.startswith("[") and kind.endswith("]"):
            parts = split(kind[1:-1], ":")
            inner = [self.value(part, owner) for part in parts]
            if None in inner:
                return None
            if len(inner) == 2:
                return f"try g.dictionary({inner[0]}, {inner[1]})"
            return f"try g.list(3, {inner[0]})"
        kind = re.sub(r"^(any|some) ", "", kind)
        if kind in SIMPLE:
            return SIMPLE[kind]
        for full in (kind, f"{owner}.{kind}"):
            if full in self.kinds or full in self.makers:
                return self.maker(full)
        return None

    def maker(self, name):
        """The call of a function that makes a value of a type, which is written when needed."""
        function = "make_" + name.replace(".", "_")
        if name not in self.makers:
            self.makers[name] = None
            ways = self.ways(name)
            self.makers[name] = ways
        elif self.makers[name] == []:
            return None
        return f"try {function}(g)" if self.makers[name] is None or self.makers[name] else None

    def ways(self, name):
        kind, ways = self.kinds[name], []
        if kind == "swift.enum":
            for symbol in self.members[name]:
                if symbol["kind"]["identifier"] == "swift.enum.case":
                    title = symbol["pathComponents"][-1]
                    if "(" not in title:
                        ways.append(f"{name}.{title}")
                        continue
                    text = self.declaration(symbol)
                    start = text.index("(")
                    values = []
                    for part in split(text[start + 1 : closing(text, start) - 1]):
                        pieces = split(part, ":")
                        inner = self.value(pieces[-1], name)
                        values.append(inner and (f"{pieces[0]}: {inner}" if len(pieces) == 2 else inner))
                    if None not in values:
                        ways.append(f"{name}.{title.split('(')[0]}({', '.join(values)})")
        elif kind == "swift.protocol":
            ways = [self.value(other, name) for other in self.conformers[name] if other in self.kinds]
        elif kind in ("swift.struct", "swift.class"):
            below = [child for child, parent in self.parents.items() if parent == name]
            for ancestor in self.ancestors(name) if name not in ABSTRACT else ():
                inits = self.initializers(ancestor)
                ways += [call for call in (self.call(symbol, name) for symbol in inits) if call]
                if inits:
                    break
            ways += [self.value(child, name) for child in below if child not in ("Model", "Sequential")]
            if not ways:
                ways = self.results(name)
        return [way for way in ways if way]

    def results(self, name):
        """Calls of functions that return a type that has no initializer."""
        ways = []
        for symbol in self.symbols.values():
            kind = symbol["kind"]["identifier"]
            if kind == "swift.type.property":
                result = self.declaration(symbol).split(":")[-1].split("{")[0].strip()
            elif kind in ("swift.method", "swift.type.method", "swift.func"):
                result = "".join(p["spelling"] for p in symbol["functionSignature"].get("returns", []))
            else:
                continue
            call = result in (name, f"[{name}]") and self.exception(symbol) is None and self.call(symbol, None)
            if call:
                ways.append(call if result == name else f"try g.first({call})")
        return ways[:4]

    # Calls

    def arguments(self, symbol, owner, pair, lets):
        parts = []
        for index, parameter in enumerate(self.parameters(symbol)):
            if parameter.type in ("StaticString",) or (parameter.label == "line" and parameter.type == "UInt"):
                continue
            kind = parameter.type
            variadic = kind.endswith("...") and kind != "..."
            if variadic:
                kind = kind[:-3]
            value = self.value(kind, owner, pair)
            if value is None:
                raise LookupError(parameter.type)
            usable = parameter.default is not None and not parameter.isPack and self.title(symbol) not in UNUSUAL and not re.search(
                r"\bSelf\b|#|^\.init|\bnil\b", parameter.default)
            if usable and re.match(r"^[\w.\[\]\"\-() :]+$", parameter.default) and not variadic:
                named = kind if not re.search(r"\b(some|each|Value)\b", kind) else None
                if named:
                    value = f"try g.usually({parameter.default} as {self.qualified(named, owner)}, {value})"
            elif parameter.default == "nil":
                value = f"try g.seldom({value})" if value.startswith("try g.optional(") else value
            if variadic:
                value = f"{value}, {value}"
            if parameter.isInout:
                lets.append(f"var i{index} = {value}")
                value = f"&i{index}"
            subscript = symbol["kind"]["identifier"] == "swift.subscript"
            labelled = parameter.label != "_" and (parameter.names > 1 or not subscript)
            labelled = labelled and symbol["kind"]["identifier"] != "swift.func.op"
            parts.append(f"{parameter.label}: {value}" if labelled else value)
        return parts

    def qualified(self, kind, owner):
        return kind if kind != "Self" else owner

    def call(self, symbol, owner, pair=False):
        """An expression that makes a call with values; `None` where a parameter has none."""
        try:
            lets = []
            text = self.expression(symbol, owner, pair, lets)
            return "{ " + "; ".join([*lets, f"return {text}"]) + " }()" if lets else text
        except (LookupError, Requirement):
            return None

    def expression(self, symbol, owner, pair, lets):
        kind = symbol["kind"]["identifier"]
        path = symbol["pathComponents"]
        self.current = self.title(symbol)
        owner = owner or ".".join(path[:-1])
        if self.kinds.get(owner) == "swift.protocol" and kind in ("swift.type.method", "swift.type.property"):
            owner = self.made(symbol, owner)
            if owner is None:
                raise Requirement()
        name = path[-1].split("(")[0]
        text = self.declaration(symbol)
        self.numbers = {
            f"(repeat each {match})" for match in re.findall(r"repeat each (\w+) : NumberList", text)}
        if kind == "swift.type.property":
            return f"{owner}.{name}"
        if kind == "swift.property":
            return f"({self.receiver(owner)}).{name}"
        parts = self.arguments(symbol, owner, pair, lets)
        listed = ", ".join(parts)
        if kind == "swift.init":
            made = "[Float]" if owner == "Array" else owner
            return f"{'try ' if 'throws' in text else ''}{made}({listed})"
        if kind == "swift.func.op":
            if len(parts) == 1:
                return f"{name}({parts[0]})"
            parts = [f"({part})" if not part.startswith("&") else part[1:] for part in parts]
            return f"{parts[0]} {name} {parts[1]}"
        if kind == "swift.func":
            return f"try {name}({listed})"
        if kind == "swift.type.method":
            return f"try {owner}.`{name}`({listed})"
        receiver = self.receiver(owner)
        if re.search(r"\bmutating\b", text):
            lets.append(f"var r = {receiver}")
            receiver = "r"
        if kind == "swift.subscript":
            return f"({receiver})[{listed}]"
        return f"try ({receiver}).`{name}`({listed})"

    def made(self, symbol, owner):
        """The type that a protocol's static member makes, as `.adam` does."""
        result = re.search(r"Self == ([\w.]+)", self.declaration(symbol))
        if result:
            return result[1]
        signature = symbol.get("functionSignature", {}).get("returns", symbol["declarationFragments"])
        kinds = [part["spelling"] for part in signature if part["kind"] == "typeIdentifier"]
        return kinds[-1] if kinds and self.conforms(kinds[-1], owner) else None

    def receiver(self, owner):
        value = SPECIAL.get(self.current) or EXTENDED.get(owner) or self.value(owner, owner)
        if value is None:
            raise LookupError(owner)
        return value

    def exception(self, symbol):
        name = self.title(symbol)
        for pattern, reason in self.exceptions:
            if re.fullmatch(pattern, name):
                self.used.add(pattern)
                return reason
        return None

    def owners(self, symbol):
        """The types that an entry is called on: a class's initializers are its subclasses', too."""
        owner = ".".join(symbol["pathComponents"][:-1])
        names = [owner]
        if symbol["kind"]["identifier"] == "swift.init" and symbol in self.initializers(owner):
            for child in sorted(self.parents):
                line = list(self.ancestors(child))
                if owner in line and not any(
                        self.initializers(between) for between in line[: line.index(owner)]):
                    names.append(child)
        return [name for name in names if name not in ABSTRACT]

    def write(self):
        for symbol in sorted(self.symbols.values(), key=self.title):
            if symbol["kind"]["identifier"] not in KINDS:
                continue
            exception = self.exception(symbol)
            if exception is not None and not exception.startswith(("slow", "without MPI")):
                continue
            # What is stored is what was given.
            if "property" in symbol["kind"]["identifier"] and "{" not in self.declaration(symbol):
                continue
            if symbol["kind"]["identifier"] == "swift.init" and self.kinds.get(
                    ".".join(symbol["pathComponents"][:-1])) == "swift.protocol":
                continue
            for owner in self.owners(symbol):
                pairs = (False, True) if "repeat each" in self.declaration(symbol) else (False,)
                for pair in pairs:
                    try:
                        lets = []
                        text = self.expression(symbol, owner, pair, lets)
                        title = self.title(symbol) if owner in self.title(symbol) else f"{owner}: {self.title(symbol)}"
                        isSlow = (exception or "").startswith("slow")
                        self.entries.append((title + (", pairs" if pair else ""), lets, text, isSlow))
                    except Requirement:
                        continue
                    except LookupError as error:
                        if exception is None:
                            self.problems.append(f"{self.title(symbol)}: no values for {error}")


def makers(program):
    """The functions that make values of the library's types."""
    out = []
    for name, ways in program.makers.items():
        function = "make_" + name.replace(".", "_")
        kind = ("any " if program.kinds[name] == "swift.protocol" else "") + name
        out.append(f"func {function}(_ g: Values) throws -> {kind} {{")
        out.append(f"    try g.trying({len(ways or [])}) {{ way in")
        out.append("        switch way {")
        for index, way in enumerate(ways or []):
            optional = way.startswith("HyperParameter") and "hyperParameterValue" in way
            out.append(f"        case {index}: return {'try g.some(' + way + ')' if optional else way}")
        out.append("        default: throw NoValue()\n        }\n    }\n}")
    return out


def entries(program, folder, size=600):
    """Writes the calls into files that the compiler reads in parallel."""
    modules = ("Strata", "StrataGraph", "StrataMPI", "StrataSearch", "StrataVisualization")
    head = [f"import {module}" for module in modules] + [""]
    (folder / "Makers.swift").write_text("\n".join(head + makers(program)) + "\n")
    names = []
    for start in range(0, len(program.entries), size):
        names.append(f"addEntries{start // size}")
        out = [f"func {names[-1]}(_ enter: Enter) {{"]
        for title, lets, text, isSlow in program.entries[start : start + size]:
            body = "; ".join([*lets, f"try show({text}, g)"])
            out.append(f"    enter({json.dumps(title)}, {'true' if isSlow else 'false'}) {{ g in {body} }}")
        (folder / f"Entries{start // size}.swift").write_text("\n".join([*head, *out, "}", ""]))
    out = ["func addEntries(_ enter: Enter) {"]
    out += [f"    {name}(enter)" for name in names] + ["}", ""]
    (folder / "Entries.swift").write_text("\n".join(out))


def main():
    folder, exceptions, document, output = sys.argv[1:]
    listed = []
    for line in pathlib.Path(exceptions).read_text().splitlines():
        if line and not line.startswith("#"):
            pattern, reason = line.split(" | ")
            listed.append((pattern.strip(), reason))
    program = Program(folder, listed)
    program.write()
    program.maker("Callback")
    entries(program, pathlib.Path(output))
    stale = [pattern for pattern, _ in listed if pattern not in program.used]
    problems = program.problems + [f"no entry is like {pattern}" for pattern in stale]
    problems += preconditions.problems(
        document, [(".".join(symbol["pathComponents"]), symbol) for symbol in program.symbols.values()])
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(program.entries)} entries")
    sys.exit(1 if problems else 0)


main()
