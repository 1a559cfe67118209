"""Writes a Swift program that calls every public entry point of the library with hostile values.

The entries come from symbol graphs, so that a new function is called without anyone's doing. Values
come from Tests/PublicCalls/Values.swift by the types of the parameters; a type that has cases or
initializers is made with them, from values of the same kind.

usage: public_calls.py FOLDER_OF_SYMBOL_GRAPHS EXCEPTIONS OUTPUT
"""

import collections
import json
import pathlib
import re
import sys

SIMPLE = {
    "Int": "g.int()", "Double": "g.double()", "Float": "Float(g.double())", "Bool": "g.bool()",
    "String": "g.string()", "UInt64": "g.word()", "UInt8": "UInt8(truncatingIfNeeded: g.word())",
    "UInt32": "UInt32(truncatingIfNeeded: g.word())", "Int32": "Int32(truncatingIfNeeded: g.int())",
    "UInt": "UInt(truncatingIfNeeded: g.word())", "Character": "g.character()",
    "Tensor": "g.tensor()", "SymbolicTensor": "g.symbolic()", "Shape": "g.shape()",
    "Model": "try g.model()", "Variable": "try g.variable()", "Verbosity": "Verbosity.silent",
    "[Int]": "g.ints()", "[Callback]": "try g.list(1, try make_Callback(g))",
    "ClosedRange<Double>": "g.closedRange()", "Range<Int>": "g.range()",
    "any TensorIndex": "g.index()", "any AxisList": "g.ints()", "some AxisList": "g.ints()",
    "some TensorScalar": "g.int()", "any RealNumber": "g.double()", "any IntegerList": "g.int()",
    "any NumberList": "g.double()", "some ShapeConvertible": "g.ints()",
    "any ShapeConvertible": "g.ints()", "any SymbolicTensors": "g.symbolic()",
    "any AxisMarginsConvertible": "g.ints()", "any SpatialMarginsConvertible": "g.ints()",
    "any LearningRateConvertible": "g.double()", "any HyperParameterConvertible": "g.int()",
    "any SymbolicTensor": "g.symbolic()", "()": "()", "Duration": "Duration.milliseconds(g.int() % 1000)",
    "Value": "g.int()", "Value.Type": "Int.self", "Element": "Float(g.double())", "Scalar": "g.int()",
    "(UnboundedRange_) -> ()": "...", "any Error": "ModelError?.none as Any as! any Error",
    "TracedFunction.Body": "{ inputs, _ in inputs }",
    "BatchedDataset.Transform": "{ batch, _ in batch }",
    "([SymbolicTensor], CallContext) throws -> SymbolicTensor": "{ inputs, _ in inputs[0] }",
    "() throws -> [SequentialElement]": "{ Dense(g.int()); Flatten() }",
    "(HyperParameters) throws -> Model": "{ _ in try g.model() }",
    "() throws -> Result": "{ 1 }", "(Int, Float) -> Float": "{ _, rate in rate }",
    "() throws -> Void": "{}", "(Int) throws -> Void": "{ _ in }", "(Logs) throws -> Void": "{ _ in }",
    "(Int, Logs) throws -> Void": "{ _, _ in }", "any SerializableLayer.Type": "Dense.self",
    "any Loss.Type": "Huber.self", "any Metric.Type": "Precision.self", "any Optimizer.Type": "SGD.self",
    "any Actor": "nil",
    "CallContext": "try g.context()",
}  # fmt: skip
# Standard types whose extensions are entries.
EXTENDED = {
    "Array": "g.ints()", "Range": "g.range()", "PartialRangeFrom": "(g.int()...)",
    "PartialRangeUpTo": "(..<g.int())", "PartialRangeThrough": "(...g.int())",
    "StrideTo": "stride(from: g.int(), to: g.int(), by: g.pick([1, -1, 3]))",
    "StrideThrough": "stride(from: g.int(), through: g.int(), by: g.pick([1, -1, 3]))",
    "Optional": "g.optional(g.int())", "ClosedRange": "g.wholeRange()",
}  # fmt: skip
# Extensions of arrays and ranges of other elements.
SPECIAL = {
    "Strata.Array.doubles": "[g.double()]", "Strata.Array.tensors": "[g.symbolic()]",
    "Strata.ClosedRange.doubles": "g.closedRange()",
}  # fmt: skip
# Classes that only the library can initialize.
ABSTRACT = {"RandomLayer", "ImageAugmentation", "MixingAugmentation", "MovingAugmentation", "MarginLayer",
            "CroppingLayer", "ZeroPaddingLayer", "UpSamplingLayer", "SpatialDropoutLayer", "SerializableLayer"}  # fmt: skip
KINDS = {"swift.init", "swift.method", "swift.type.method", "swift.func", "swift.func.op",
         "swift.subscript", "swift.property", "swift.type.property"}  # fmt: skip


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


class Requirement(Exception):
    """What a type conforms to a protocol with is an entry, the protocol's declaration is not."""


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


class Program:
    def __init__(self, folder, exceptions):
        self.symbols, self.relations = {}, collections.defaultdict(list)
        for path in sorted(pathlib.Path(folder).glob("*.json")):
            graph = json.loads(path.read_text())
            for symbol in graph["symbols"]:
                symbol["module"] = path.name.split(".")[0].split("@")[0]
                self.symbols.setdefault(symbol["identifier"]["precise"], symbol)
            for relation in graph["relationships"]:
                self.relations[relation["kind"]].append(relation)
        self.exceptions, self.used = exceptions, set()
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
        self.makers, self.pending, self.entries, self.problems = {}, [], [], []

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

    def initializers(self, name):
        """Those of a type itself, except that from a file, which all layers have."""
        return [s for s in self.members[name] if s["kind"]["identifier"] == "swift.init"
                and "Configuration" not in self.declaration(s)]

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
            usable = parameter.default is not None and not parameter.isPack and not re.search(
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
            return f"{'try ' if 'throws' in text else ''}{owner}({listed})"
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

    def conforms(self, name, protocol):
        return any(name == other or self.conforms(name, other) for other in self.conformers[protocol])

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

    @staticmethod
    def title(symbol):
        return symbol["module"] + "." + ".".join(symbol["pathComponents"])

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
            if symbol["kind"]["identifier"] not in KINDS or self.exception(symbol) is not None:
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
                        self.entries.append((title + (", pairs" if pair else ""), lets, text))
                    except Requirement:
                        continue
                    except LookupError as error:
                        self.problems.append(f"{self.title(symbol)}: no values for {error}")


def main():
    folder, exceptions, output = sys.argv[1:]
    listed = []
    for line in pathlib.Path(exceptions).read_text().splitlines():
        if line and not line.startswith("#"):
            pattern, reason = line.split(" | ")
            listed.append((pattern.strip(), reason))
    program = Program(folder, listed)
    program.write()
    out = ["import Strata", "import StrataGraph", "import StrataSearch", "import StrataVisualization", ""]
    program.maker("Callback")
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
    count, size = 0, 100
    for start in range(0, len(program.entries), size):
        out.append(f"func addEntries{start // size}(_ enter: (String, @escaping (Values) throws -> Void) -> Void) {{")
        for title, lets, text in program.entries[start : start + size]:
            body = "; ".join([*lets, f"try show({text}, g)"])
            out.append(f"    enter({json.dumps(title)}) {{ g in {body} }}")
        out.append("}")
        count += 1
    out.append("func addEntries(_ enter: (String, @escaping (Values) throws -> Void) -> Void) {")
    out += [f"    addEntries{index}(enter)" for index in range(count)] + ["}"]
    pathlib.Path(output).write_text("\n".join(out) + "\n")
    stale = [pattern for pattern, _ in listed if pattern not in program.used]
    problems = program.problems + [f"no entry is like {pattern}" for pattern in stale]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(program.entries)} entries")
    sys.exit(1 if problems else 0)


main()
