import Strata
import StrataTestSupport
import Testing

@testable import StrataSearch

/// Spaces in files, and what is wrong with them.
@Suite struct SearchSpaceFileTests {
    private func read(_ text: String) throws -> SearchSpace {
        let folder = try TemporaryFolder()
        return try SearchSpace(contentsOf: folder.write(Array(text.utf8), to: "space.json"))
    }

    @Test func file() throws {
        let space = try read(
            """
            {"kernel_size": {"type": "choice", "values": [3, 5]},
             "filters": {"type": "int", "min_value": 16, "max_value": 64, "step": 2,
                         "sampling": "log"},
             "learning_rate": {"type": "float", "min_value": 1e-4, "max_value": 1e-2,
                               "sampling": "log", "step": null},
             "pooling": {"type": "choice", "values": ["max", "average"]},
             "batch_normalization": {"type": "boolean"}, "optimizer": "adam", "rate": 0.5,
             "flip": true, "units": {"type": "fixed", "value": 64}}
            """)
        #expect(
            space.hyperParameters == [
                HyperParameter(
                    name: "batch_normalization",
                    domain: .choice([.boolean(false), .boolean(true)], isOrdered: true)),
                HyperParameter(
                    name: "filters",
                    domain: .int(minValue: 16, maxValue: 64, step: 2, sampling: .log)),
                HyperParameter(name: "flip", domain: .fixed(.boolean(true))),
                HyperParameter(
                    name: "kernel_size", domain: .choice([.int(3), .int(5)], isOrdered: true)),
                HyperParameter(
                    name: "learning_rate",
                    domain: .float(minValue: 1e-4, maxValue: 1e-2, step: nil, sampling: .log)),
                HyperParameter(name: "optimizer", domain: .fixed(.string("adam"))),
                HyperParameter(
                    name: "pooling",
                    domain: .choice([.string("max"), .string("average")], isOrdered: false)),
                HyperParameter(name: "rate", domain: .fixed(.float(0.5))),
                HyperParameter(name: "units", domain: .fixed(.int(64))),
            ])
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/copy.json"
        try space.save(to: path)
        #expect(try SearchSpace(contentsOf: path).hyperParameters == space.hyperParameters)
        let text = String(decoding: try folder.read("copy.json"), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 11)
        #expect(lines[3] == #"  "flip": true,"#)
        #expect(
            lines[2] == #"  "filters": {"max_value": 64, "min_value": 16, "sampling": "log", "#
                + #""step": 2, "type": "int"},"#)
        #expect(space.json == (try JSONValue(parsing: lines.joined())))
    }

    @Test(arguments: [
        (
            "[]",
            #"is no search space; write an object of hyperparameters, such as {"optimizer": "adam"}"#
        ),
        ("{", "line 1, column 2: a name is expected here"),
        (#"{"a": 1, "a": 2}"#, "line 1, column 10: a occurs twice in one object"),
        (
            #"{"a": [1]}"#,
            #"hyperparameter a: it is [1]; write one value, or {"type": "choice", "values": […]} for several"#
        ),
        (
            #"{"a": null}"#,
            #"hyperparameter a: it is null; write one value, or {"type": "choice", "values": […]} for several"#
        ),
        (
            #"{"a": {"values": [3]}}"#,
            "hyperparameter a: its type is missing; use choice, int, float, boolean or fixed"
        ),
        (#"{"a": {"type": "flaot"}}"#, #"hyperparameter a: its type is "flaot"; use float"#),
        (
            #"{"a": {"type": 7}}"#,
            "hyperparameter a: its type is 7; use choice, int, float, boolean or fixed"
        ),
        (
            #"{"a": {"type": "int", "min_value": 1}}"#,
            "hyperparameter a: its max_value is missing; give min_value and max_value"
        ),
        (
            #"{"a": {"type": "int", "min_value": 1, "maxvalue": 3}}"#,
            "hyperparameter a: maxvalue is not known for a hyperparameter of type int; use max_value"
        ),
        (
            #"{"a": {"type": "boolean", "default": true}}"#,
            "hyperparameter a: default is not known for a hyperparameter of type boolean; use only type"
        ),
        (
            #"{"a": {"type": "int", "min_value": 1, "max_value": 4.5}}"#,
            "hyperparameter a: its max_value is 4.5; use an integer"
        ),
        (
            #"{"a": {"type": "int", "min_value": 1, "max_value": 1e300}}"#,
            "hyperparameter a: its max_value is 1e+300; use an integer"
        ),
        (
            #"{"a": {"type": "float", "min_value": "0", "max_value": 1}}"#,
            #"hyperparameter a: its min_value is "0"; use a number"#
        ),
        (
            #"{"a": {"type": "float", "min_value": NaN, "max_value": 1}}"#,
            "hyperparameter a: a bound is nan; use finite numbers"
        ),
        (
            #"{"a": {"type": "float", "min_value": 2, "max_value": 1}}"#,
            "hyperparameter a: the range is upside down: from 2.0 to 1.0; give the smaller bound first"
        ),
        (
            #"{"a": {"type": "float", "min_value": 1, "max_value": 2, "sampling": "log10"}}"#,
            #"hyperparameter a: its sampling is "log10"; use linear, log or reverse_log"#
        ),
        (
            #"{"a": {"type": "choice", "values": []}}"#,
            "hyperparameter a: the choice is empty; give one value or more"
        ),
        (
            #"{"a": {"type": "choice"}}"#,
            #"hyperparameter a: its values are missing; give an array, such as "values": [3, 5]"#
        ),
        (
            #"{"a": {"type": "choice", "values": [3, [5]]}}"#,
            "hyperparameter a: a value of the choice is [5]; use a number, a string, true or false"
        ),
        (
            #"{"a": {"type": "choice", "values": [3, "x"]}}"#,
            "hyperparameter a: the values of the choice are of different types: 3, x; use only numbers, only strings, or only booleans"
        ),
        (
            #"{"a": {"type": "choice", "values": [3, 5], "ordered": 1}}"#,
            "hyperparameter a: ordered is 1; use true or false"
        ),
        (#"{"": 3}"#, "hyperparameter : the name is empty; give each hyperparameter a name"),
    ]) func wrongFiles(_ text: String, _ message: String) {
        #expect {
            try read(text)
        } throws: { error in
            "\(error)".hasSuffix("/space.json: \(message)")
        }
    }

    /// An error that only the model's builder can find names the file too.
    @Test func fileIsNamedLater() throws {
        let space = try read(#"{"filters": 0.5}"#)
        #expect {
            try HyperParameters(values: [:], space: space).int(
                "filters", minValue: 16, maxValue: 64)
        } throws: { error in
            "\(error)".contains("/space.json has 0.5, but the model needs 16 to 64\n")
        }
    }

    @Test func noFile() {
        #expect {
            try SearchSpace(contentsOf: "/nowhere/space.json")
        } throws: { error in
            "\(error)".hasPrefix("/nowhere/space.json: cannot be opened")
        }
    }
}
