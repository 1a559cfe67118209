import Foundation
import Strata

/// An image on the command line: a file, or `DATASET:INDEX`.
enum PictureSource {
    case file(String)
    /// A test image of a set.
    case member(DatasetInfo, Int)

    /// - Throws: a ``Failure`` if it is neither.
    init(_ text: String) throws {
        if FileManager.default.fileExists(atPath: text) {
            self = .file(text)
            return
        }
        guard let colon = text.lastIndex(of: ":"),
            let info = DatasetInfo.named(String(text[..<colon]))
        else {
            throw Failure(
                "\(Suggestion.shown(text)): no such file; \(PictureSource.cure(text))", .noInput)
        }
        let number = String(text[text.index(after: colon)...])
        guard let index = Int(number), (0..<info.testCount).contains(index) else {
            throw Failure(
                "\(text): \(info.title) has the test pictures 0 to \(info.testCount - 1)", .usage)
        }
        self = .member(info, index)
    }

    /// The fix if there is neither such a file nor such a set.
    private static func cure(_ text: String) -> String {
        if DatasetInfo.named(text) != nil {
            return "name one of its test pictures, as in \(text):0"
        }
        if let colon = text.lastIndex(of: ":"),
            let set = nearestName(
                to: String(text[..<colon]), among: DatasetInfo.all.map(\.argument))
        {
            return "did you mean \(set)\(text[colon...])?"
        }
        return Suggestion.path(near: text).map { "did you mean \($0)?" }
            ?? "give a PNG or JPEG file, or a data set's test picture as in fashion-mnist:0"
    }
}

/// An image to classify.
struct Picture {
    let name: String
    /// `uint8 [height, width, channels]`.
    let pixels: Tensor
    /// The true class, if known.
    let label: Int?
    /// The class names, if known.
    let classNames: [String]?
    /// The data set, if it is from one.
    var set: DatasetInfo?
}

/// Reads images; each data set is loaded once.
struct PictureReader {
    private var sets: [String: LabelledImages] = [:]

    mutating func read(_ text: String) throws -> Picture {
        switch try PictureSource(text) {
        case .file(let path):
            return Picture(
                name: text, pixels: try ImageDecoder.decode(file: path, isUpright: true),
                label: nil,
                classNames: nil)
        case .member(let info, let index):
            let set = try sets[info.name] ?? info.loadTest()
            sets[info.name] = set
            guard index < set.count else {
                throw Failure("\(text): there are \(set.count) test pictures", .usage)
            }
            let pixels = set.x[index]
            return Picture(
                name: text, pixels: pixels.rank == 2 ? try pixels.expandingDims(at: -1) : pixels,
                label: set.y.integers[index], classNames: set.classNames, set: info)
        }
    }
}
