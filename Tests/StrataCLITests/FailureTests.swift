import Foundation
import Strata
import Testing

/// A command line that cannot work, with what it ends.
struct Misuse: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let code: Int32
    let errors: String

    init(_ arguments: String, _ code: Int32, _ errors: String) {
        self.arguments = arguments.split(separator: " ").map(String.init)
        self.code = code
        self.errors = errors
    }

    var testDescription: String { arguments.joined(separator: " ") }
}

@Suite struct FailureTests {
    /// In a folder with `good.keras`, a model of two classes, and `bad.keras`, `bad.png`, no such files.
    static let cases = [
        Misuse(
            "summary none.keras", 66,
            "none.keras: no such file; check the path, or make a model with strata train --output none.keras"
        ),
        Misuse(
            "train mnist --model none.keras", 66,
            "none.keras: no such file; check the path, or make a model with strata train --output none.keras"
        ),
        Misuse(
            "predict good.keras none.png", 66,
            "none.png: no such file; give a PNG or JPEG file, or a data set's test picture as in fashion-mnist:0"
        ),
        Misuse(
            "predict good.keras mnist:10000", 64,
            "mnist:10000: MNIST has the test pictures 0 to 9999"),
        Misuse("predict good.keras mnist:500", 64, "mnist:500: there are 20 test pictures"),
        Misuse(
            "predict good.keras bad.png", 65,
            "bad.png: it is neither a PNG nor a JPEG file; convert it to PNG or JPEG"),
        Misuse(
            "predict good.keras mnist:0 --classes a,b,c", 64,
            "--classes has 3 names, but the model tells 2 classes apart"),
        Misuse(
            "train mnist --output none/m.keras", 73,
            "none/m.keras cannot be written: No such file or directory; give another path with --output"
        ),
        Misuse(
            "train mnist --output folder.keras", 73,
            "folder.keras cannot be written: it is a folder; give another path with --output"),
        Misuse(
            "train mnist --output bad.png/m.keras", 73,
            "bad.png/m.keras cannot be written: Not a directory; give another path with --output"),
        Misuse(
            "convert good.keras none/m.onnx", 73,
            "none/m.onnx: cannot be written: no such file or directory; its folder must exist"),
        Misuse(
            "summary good.keras --plot none/m.svg", 73,
            "none/m.svg: cannot be written: no such file or directory; its folder must exist"),
        Misuse(
            "train bad.png", 65,
            "bad.png is a file; give a data set, or a folder that holds a folder of pictures for each class"
        ),
        Misuse(
            "plan open.keras", 65,
            """
            a plan is for one size of picture, but the model takes any: [?, ?, ?, 1]
              fix: use a model whose input has a fixed size
            """),
    ]

    @Test(arguments: cases)
    func `what cannot work ends with a code and a cure`(misuse: Misuse) throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        try Sequential {
            Input(shape: [28, 28, 1])
            Flatten()
            Dense(2, activation: .softmax)
        }.save(to: workplace.path("good.keras"))
        try Sequential {
            Input(shape: [nil, nil, 1])
            GlobalAveragePooling2D()
            Dense(2, activation: .softmax)
        }.save(to: workplace.path("open.keras"))
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: workplace.path("bad.png")))
        try FileManager.default.createDirectory(
            atPath: workplace.path("folder.keras"), withIntermediateDirectories: false)
        let before = try FileManager.default.contentsOfDirectory(atPath: workplace.folder.path)
        let outcome = try workplace.strata(misuse.arguments)
        #expect(outcome.code == misuse.code)
        #expect(outcome.errors == "Error: \(misuse.errors)\n")
        #expect(outcome.output == "")
        let after = try FileManager.default.contentsOfDirectory(atPath: workplace.folder.path)
        #expect(Set(after).subtracting(["out", "err"]) == Set(before))
    }

    @Test(arguments: [
        ("train mnist --output m.h5", "--output is m.h5; let the name end in .keras."),
        (
            "summary m.keras --plot m.jpg",
            "--plot is m.jpg; let the name end in .png, .svg or .dot."
        ),
        ("benchmark resnet50 --batch 65536", "--batch is 65536; resnet50 takes 1 to 7133 images."),
        ("runs --plot r.jpg", "--plot is r.jpg; let the name end in .png or .svg."),
        (
            "predict m.keras a.png --show --json",
            "--show and --json exclude each other; use one of them."
        ),
        ("predict m.keras", "Missing expected argument '<picture> ...'"),
    ])
    func `wrong arguments end with 64`(line: String, message: String) throws {
        let outcome = try Workplace().strata(line.split(separator: " ").map(String.init))
        #expect(outcome.code == 64)
        #expect(outcome.errors.split(separator: "\n").first == "Error: \(message)")
        #expect(outcome.output == "")
    }

    @Test func `a data set that is not there and cannot be fetched ends with 66`() throws {
        let workplace = try Workplace()
        let outcome = try workplace.strata("train", "mnist")
        #expect(outcome.code == 66)
        let path = workplace.path("keras/datasets/mnist/train-images-idx3-ubyte.gz")
        let last = outcome.errors.split(separator: "\n").last ?? ""
        #expect(last.hasPrefix("Error: MNIST is not in the cache, and downloading https://"))
        #expect(last.hasSuffix("fetch that address by hand and save it as \(path)"))
    }

    @Test func `a damaged data set and a damaged model end with 65`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let labels = workplace.path("keras/datasets/mnist/t10k-labels-idx1-ubyte.gz")
        try Data("not gzip".utf8).write(to: URL(fileURLWithPath: labels))
        let outcome = try workplace.strata("train", "mnist")
        #expect(outcome.code == 65)
        #expect(outcome.errors.hasPrefix("Error: \(labels): "))
        #expect(outcome.errors.hasSuffix("; delete it, and it is downloaded again\n"))

        try Data("not a model".utf8).write(to: URL(fileURLWithPath: workplace.path("bad.keras")))
        let summary = try workplace.strata("summary", "bad.keras")
        #expect(summary.code == 65)
        #expect(summary.errors.hasPrefix("Error: bad.keras: "))
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every file"))
    func `a model that may not be read is not told to be written elsewhere`() throws {
        let workplace = try Workplace()
        try Data().write(to: URL(fileURLWithPath: workplace.path("closed.keras")))
        #expect(chmod(workplace.path("closed.keras"), 0) == 0)
        let outcome = try workplace.strata("summary", "closed.keras")
        #expect(outcome.code == 66)
        #expect(
            outcome.errors
                == "Error: closed.keras: cannot be opened: permission denied; check the path and its "
                + "permissions\n")
    }

    /// A model of any size whose image becomes 16 times smaller, and a picture of 9 × 9.
    @Test(arguments: ["predict", "look"])
    func `a picture that is too small has a cure for the command`(command: String) throws {
        let workplace = try Workplace()
        try Sequential {
            Input(shape: [nil, nil, 1])
            Conv2D(2, kernelSize: 1)
            MaxPooling2D(4)
            MaxPooling2D(4)
            GlobalAveragePooling2D()
            Dense(2, activation: .softmax)
        }.save(to: workplace.path("open.keras"))
        let png = try ImageEncoder.png(Tensor([UInt8](repeating: 9, count: 81), shape: [9, 9, 1]))
        try Data(png).write(to: URL(fileURLWithPath: workplace.path("dot.png")))
        let outcome = try workplace.strata(command, "open.keras", "dot.png")
        #expect(outcome.code == 65)
        #expect(outcome.errors.contains("is smaller than the pool window [4, 4]\n"))
        let cure = "\n  fix: give a larger picture\n"
        #expect(outcome.errors.hasSuffix(cure), "\(outcome.errors)")
        #expect(!outcome.errors.contains("padding:") && !outcome.errors.contains(".swift"))
    }

    /// First bytes of files that are called `m.keras`, and what is said of them.
    static let otherKinds: [([UInt8], String)] = [
        (
            [0xFF, 0xD8, 0xFF, 0xE0],
            "it is a JPEG picture, not a .keras file; give a whole .keras file, with layers that "
                + "Strata has"
        ),
        (
            [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A],
            "it is an HDF5 file, not a .keras file; open it in Keras and save it with "
                + "model.save(\"model.keras\")"
        ),
        (
            [],
            "it is empty, not a .keras file; save or copy it again: its writing was cut off, or "
                + "never begun"
        ),
    ]

    @Test(arguments: otherKinds)
    func `a file of another kind has a cure for the command`(
        bytes: [UInt8], message: String
    ) throws {
        let workplace = try Workplace()
        try Data(bytes).write(to: URL(fileURLWithPath: workplace.path("m.keras")))
        let outcome = try workplace.strata("summary", "m.keras")
        #expect(outcome.code == 65)
        #expect(outcome.errors == "Error: m.keras: \(message)\n")
    }

    @Test func `data of another kind than the model's ends with 65`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        try Sequential {
            Input(shape: [28, 28, 1])
            Flatten()
            Dense(2, activation: .softmax)
        }.save(to: workplace.path("two.keras"))
        let outcome = try workplace.strata("evaluate", "two.keras", "mnist")
        #expect(outcome.code == 65)
        #expect(
            outcome.errors == """
                Error: the target of sample 2 is class 2, but there are 2 classes, 0 to 1
                  fix: count classes from 0, or let the last layer give more of them

                """)
    }
}
