import Foundation
import Testing

/// What is said of values that options do not take.
@Suite struct OptionTests {
    private static let values = [
        "train mnist --epochs 0": "an integer, 1 to 1000000000",
        "train mnist --epochs -1": "an integer, 1 to 1000000000",
        "train mnist --epochs 1.5": "an integer, 1 to 1000000000",
        "train mnist --epochs 99999999999999999999": "an integer, 1 to 1000000000",
        "train mnist --epochs --seed": "an integer, 1 to 1000000000",
        "train mnist --batch-size -1": "an integer, 1 to 65536",
        "train mnist --learning-rate -1": "a number above 0, such as 0.001",
        "train mnist --learning-rate -1e-3": "a number above 0, such as 0.001",
        "train mnist --learning-rate 0": "a number above 0, such as 0.001",
        "train mnist --learning-rate nan": "a number above 0, such as 0.001",
        "train mnist --learning-rate inf": "a number above 0, such as 0.001",
        "train mnist --learning-rate 1e40": "a number above 0, such as 0.001",
        "train mnist --learning-rate fast": "a number above 0, such as 0.001",
        "train mnist --seed -1": "an integer, 0 to 9223372036854775807",
        "train mnist --seed 9223372036854775808": "an integer, 0 to 9223372036854775807",
        "train mnist --threads 0": "an integer, 1 to 1024",
        "train mnist --threads -2": "an integer, 1 to 1024",
        "plan m.keras --batch -1": "an integer, 1 to 65536",
        "look m.keras mnist:0 --count -1": "an integer, 1 to 1000000",
        "benchmark lenet --batch 65537": "an integer, 1 to 65536",
        "benchmark lenet --seconds inf": "a number above 0, up to 86400, a day",
        "benchmark lenet --seconds -1": "a number above 0, up to 86400, a day",
        "benchmark lenet --mode trian": "train, predict or fit; did you mean train?",
        "benchmark lenet --precision bfloat16":
            "float32 or mixed_bfloat16; did you mean mixed_bfloat16?",
        "train mnist --model vgf":
            "strided, lenet5, vgg or photo, or a .keras file; did you mean vgg?",
        "plan m.keras --mode paint": "predict or train",
    ]

    #if Server
    private static let serving = [
        "serve m.keras --port 65536": "an integer, 0 to 65535",
        "serve m.keras --port -1": "an integer, 0 to 65535",
        "serve m.keras --grpc-port x": "an integer, 0 to 65535",
        "serve m.keras --max-batch 0": "an integer, 1 to 65536",
        "serve m.keras --concurrency 0": "an integer, 1 to 1024",
        "serve m.keras --max-delay -1": "a number, 0 to 60000, a minute",
        "serve m.keras --max-delay nan": "a number, 0 to 60000, a minute",
        "serve m.keras --queue 0": "an integer, 1 to 1000000",
        "serve m.keras --timeout 0": "a number above 0, up to 86400, a day",
        "serve m.keras --poll -1": "a number of seconds, 0.1 to 86400, or 0 for never",
        "serve m.keras --poll 0.01": "a number of seconds, 0.1 to 86400, or 0 for never",
        "serve m.keras --max-body 0": "an integer, 1 to 65536",
        "serve m.keras --max-connections 0": "an integer, 1 to 1000000",
        "serve m.keras --log xml": "text or json",
        "serve m.keras --versions latest:0": "latest, latest:2, all, or numbers as in 1,3",
        "serve m.keras --versions 1,": "latest, latest:2, all, or numbers as in 1,3",
        "serve m.keras --versions 01": "latest, latest:2, all, or numbers as in 1,3",
    ]
    #else
    private static let serving: [String: String] = [:]
    #endif

    @Test(arguments: values.merging(serving) { first, _ in first })
    func `a value that an option does not take comes back with those that it takes`(
        line: String, cure: String
    ) throws {
        let words = line.split(separator: " ").map(String.init)
        let outcome = try Workplace().strata(words)
        let (option, value) = (words[words.count - 2], words[words.count - 1])
        #expect(outcome.code == 64)
        let first = try #require(outcome.errors.split(separator: "\n").first)
        #expect(first.hasPrefix("Error: The value '\(value)' is invalid for '\(option) <"))
        #expect(first.hasSuffix(">': use \(cure)"))
        #expect(outcome.output == "")
    }

    /// In a folder with the file `fashion.keras`, the picture `boot.png` and the folder `photos`.
    @Test(arguments: [
        ("trian", 64, "there is no command trian, see strata --help; did you mean train?"),
        ("help sumary", 64, "there is no command sumary, see strata --help; did you mean summary?"),
        ("paint", 64, "there is no command paint, see strata --help"),
        (
            "train fashon-mnist", 66,
            "there is no data set and no folder fashon-mnist; did you mean fashion-mnist?"
        ),
        ("train fotos", 66, "there is no data set and no folder fotos; did you mean photos?"),
        ("train ./fotos/", 66, "there is no folder ./fotos; did you mean ./photos?"),
        (
            "train xyz", 66,
            "there is no data set and no folder xyz; give a folder of class folders, or a data set: "
                + "fashion-mnist, mnist, cifar10, cifar100, shapes"
        ),
        ("summary fashoin.keras", 66, "fashoin.keras: no such file; did you mean fashion.keras?"),
        (
            "evaluate mnist fashion.keras", 66,
            "mnist: no such file; it is a data set, and the model comes before it"
        ),
        ("summary Makefile", 66, "Makefile: no such file; check the path; models are .keras files"),
        ("runs phoots", 66, "there is no folder phoots; did you mean photos?"),
    ])
    func `a word that is not known comes back with the nearest one`(
        line: String, code: Int32, message: String
    ) throws {
        let workplace = try Workplace()
        try Data().write(to: workplace.folder.appendingPathComponent("fashion.keras"))
        try FileManager.default.createDirectory(
            at: workplace.folder.appendingPathComponent("photos"),
            withIntermediateDirectories: false)
        let outcome = try workplace.strata(line.split(separator: " ").map(String.init))
        #expect(outcome.code == code)
        #expect(outcome.errors == "Error: \(message)\n")
        #expect(outcome.output == "")
    }
}
