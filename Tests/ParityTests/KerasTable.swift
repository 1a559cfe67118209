import Foundation
import Strata
import StrataTestSupport

/// The text of `docs/keras.md`: Keras's symbols, ours beside them, what checks them, and differences.
struct KerasTable {
    private struct Row {
        var keras: String
        var ours: String
        var checks: String
        var differences: String
    }

    /// One of Keras's modules, and how its members are found and made here.
    private struct Section {
        var module: String
        var title: String
        /// Kinds of golden cases.
        var kinds: [String] = []
        /// Where ours are declared, for what has no registry.
        var folders: [String] = []
        /// Our classes by Keras's names.
        var types: [String: String] = [:]
        /// What goes by another name here, by Keras's.
        var counterparts: [String: String] = [:]
        /// What an object that is made of Keras's arguments says of itself.
        var config: ((SerializedObject) throws -> [String: JSONValue])?
    }

    private static var sections: [Section] {
        [
            Section(
                module: "layers", title: "Layers", kinds: ["layer"],
                folders: ["Layers/", "Models/"],
                types: names(LayerRegistry.types.map { ($0.className, $0) }),
                config: { try LayerRegistry.layer($0, path: "").serialized.config }),
            Section(
                module: "activations", title: "Activations", kinds: ["activation"],
                folders: ["Activations/"],
                types: Dictionary(
                    uniqueKeysWithValues: ActivationFunction.allCases.map {
                        ($0.rawValue, ".\($0)")
                    }),
                counterparts: ["threshold": "threshold"]),
            Section(
                module: "losses", title: "Losses", kinds: ["loss"],
                folders: ["Losses/"], types: names(LossRegistry.types.map { ($0.className, $0) }),
                config: { try LossRegistry.loss($0.json, path: "").config }),
            Section(
                module: "metrics", title: "Metrics", kinds: ["metric"],
                folders: ["Metrics/"],
                types: names(MetricRegistry.types.map { ($0.className, $0) }),
                config: { try MetricRegistry.metric($0.json, path: "").config }),
            Section(
                module: "optimizers", title: "Optimizers", kinds: ["optimizer"],
                folders: ["Optimizers/"],
                types: names(OptimizerRegistry.types.map { ($0.className, $0) }),
                config: { try OptimizerRegistry.optimizer($0.json, path: "").config }),
            Section(
                module: "optimizers.schedules", title: "Learning-rate schedules",
                kinds: ["schedule"],
                folders: ["Optimizers/"],
                types: names(ScheduleRegistry.types.map { ($0.className, $0) }),
                config: { try ScheduleRegistry.schedule($0.json, path: "").config }),
            Section(
                module: "initializers", title: "Initializers", kinds: ["initializer"],
                folders: ["Initializers/"],
                types: names(InitializerRegistry.types.map { ($0.className, $0) }),
                config: { try InitializerRegistry.initializer($0.json, path: "").config }),
            Section(
                module: "regularizers", title: "Regularizers", kinds: ["op"],
                folders: ["Regularizers/"],
                types: names(RegularizerRegistry.types.map { ($0.className, $0) }),
                config: { try RegularizerRegistry.regularizer($0.json, path: "").config }),
            Section(
                module: "constraints", title: "Constraints", kinds: ["op"],
                folders: ["Constraints/"],
                types: names(ConstraintRegistry.types.map { ($0.className, $0) }),
                config: { try ConstraintRegistry.constraint($0.json, path: "").config }),
            Section(module: "callbacks", title: "Callbacks", folders: ["Training/"]),
            Section(
                module: "Model", title: "Methods of models",
                folders: ["Models/", "Training/", "Saving/"]),
            Section(module: "applications", title: "Applications", folders: ["Applications/"]),
            Section(module: "datasets", title: "Data sets", folders: ["Data/"]),
            Section(
                module: "utils", title: "Utilities",
                folders: ["Data/", "Diagrams/", "Initializers/", "Saving/"],
                counterparts: [
                    "image_dataset_from_directory": "imageDataset",
                    "load_img": "ImageDecoder.decode",
                    "save_img": "ImageEncoder.png", "register_keras_serializable": "registerLayer",
                ]),
            Section(
                module: "saving", title: "Files", folders: ["Models/", "Saving/"],
                counterparts: [
                    "load_model": "Model.load", "save_model": "Model.save",
                    "register_keras_serializable": "registerLayer",
                ]),
            Section(
                module: "ops", title: "Operations", folders: ["Ops/"],
                counterparts: [
                    "abs": "absolute", "amax": "max", "amin": "min", "true_divide": "divide",
                ]),
        ]
    }

    private static func names(_ types: [(String, Any.Type)]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: types.map { ($0, String(describing: $1)) })
    }

    static func text() throws -> String {
        let surface = try KerasSurface()
        let sources = try ProjectSources()
        var text = """
            # Keras's symbols and ours

            Made by `scripts/keras-table` from Keras 3.15.1 itself, from the registries in the code and from the tests;
            a test says when it is out of date. Beside each symbol stand the golden cases that compare its numbers
            with Keras's, or where there are none a test, or a fixture, that names it. A difference is an argument, or a default, that
            a class does not take and write into files as Keras does. Of functions, methods and callbacks, which no file holds, the
            arguments and their defaults are compared with those in the sources; Swift's spellings of names are no difference.

            """
        for section in sections {
            let symbols = surface.symbols(section.module)
            var rows: [Row] = []
            var missing: [String] = []
            var functions: [String] = []
            for symbol in symbols {
                guard let ours = name(of: symbol, section, sources) else {
                    if let type = classOfFunction(symbol, symbols, section) {
                        functions.append(function(symbol, type))
                    } else {
                        missing.append("`\(symbol.name)`")
                    }
                    continue
                }
                rows.append(
                    Row(
                        keras: ([symbol.name] + symbol.aliases).map { "`\($0)`" }
                            .joined(separator: ", "),
                        ours: "`\(ours)`",
                        checks: checks(symbol, ours, section, sources),
                        differences: section.types.isEmpty
                            ? arguments(symbol, ours, section, sources)
                            : differences(symbol, section)))
            }
            text += "\n## \(section.title)\n\n"
            if !rows.isEmpty {
                text += "| `keras.\(section.module)` | Strata | checked by | differences |\n"
                text += "| --- | --- | --- | --- |\n"
                for row in rows {
                    text += "| \(row.keras) | \(row.ours) | \(row.checks) | \(row.differences) |\n"
                }
            }
            if !functions.isEmpty {
                text +=
                    "\nAs functions, in whose place an object of the class of that name is called: "
                    + "\(functions.joined(separator: ", ")).\n"
            }
            if !missing.isEmpty {
                text += "\nNot in Strata: \(missing.joined(separator: ", ")).\n"
            }
        }
        return text
    }

    private static func name(
        of symbol: KerasSurface.Symbol, _ section: Section, _ sources: ProjectSources
    ) -> String? {
        if let other = section.counterparts[symbol.name] {
            return sources.overloads(of: other, in: section.folders).isEmpty ? nil : other
        }
        if !section.types.isEmpty {
            if let type = section.types[symbol.name] { return type }
            // What no file names: what classes of one's own begin with, and `Input`.
            guard symbol.name.first?.isUppercase == true else { return nil }
        }
        return sources.declaration(symbol.name, in: section.folders)
    }

    /// The class that a function such as `binary_crossentropy` does the work of.
    private static func classOfFunction(
        _ symbol: KerasSurface.Symbol, _ symbols: [KerasSurface.Symbol], _ section: Section
    ) -> KerasSurface.Symbol? {
        symbols.first { other in
            section.types[other.name] != nil
                && ProjectSources.plain(other.name) == ProjectSources.plain(symbol.name)
        }
    }

    /// A function, with those of its arguments that its class does not have.
    private static func function(
        _ symbol: KerasSurface.Symbol, _ type: KerasSurface.Symbol
    ) -> String {
        let more = symbol.arguments.filter {
            !["y_true", "y_pred", "inputs"].contains($0) && !type.arguments.contains($0)
        }
        let names = more.map { "`\($0)`" }.joined(separator: ", ")
        return "`\(symbol.name)`" + (more.isEmpty ? "" : " (without \(names))")
    }

    private static func checks(
        _ symbol: KerasSurface.Symbol, _ ours: String, _ section: Section,
        _ sources: ProjectSources
    ) -> String {
        let cases = section.kinds.flatMap { GoldenFolder.cases($0) }
            .filter { $0.className == symbol.name }
        if let first = cases.first {
            return cases.count == 1
                ? "`\(first.name)`" : "`\(first.name)` and \(cases.count - 1) more"
        }
        let words = [symbol.name, ours.split(separator: ".").last.map(String.init) ?? ours]
        let tests = Set(words.flatMap { sources.tests(naming: $0) }).sorted()
        // One is enough to find the others; those that are about it, or compare with Keras, come first.
        let own = ProjectSources.plain(symbol.name)
        return tests.first { ProjectSources.plain($0).contains(own) }
            ?? tests.first { $0.contains("Parity") } ?? tests.first ?? "–"
    }

    /// Arguments of a function that ours does not take, or takes with another default.
    private static func arguments(
        _ symbol: KerasSurface.Symbol, _ ours: String, _ section: Section,
        _ sources: ProjectSources
    ) -> String {
        let overloads = sources.overloads(of: ours, in: section.folders)
        let differences = KerasArguments(symbol: symbol, overloads: overloads).differences
        return differences.isEmpty ? "none" : differences.joined(separator: "; ")
    }

    /// Arguments whose values are not Keras's in an object of which only the needed ones were given.
    private static func differences(_ symbol: KerasSurface.Symbol, _ section: Section) -> String {
        guard let make = section.config, let example = symbol.example,
            section.types[symbol.name] != nil
        else { return "" }
        let object = SerializedObject(
            module: "", className: symbol.name, config: example.given)
        let ours: [String: JSONValue]
        do { ours = try make(object) } catch { return "\(error)" }
        let keys = example.config.keys.filter { key in
            guard let value = ours[key] else { return example.config[key] != .null }
            return value.inFloat32 != example.config[key]?.inFloat32
        }
        return keys.isEmpty ? "none" : keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
    }
}
