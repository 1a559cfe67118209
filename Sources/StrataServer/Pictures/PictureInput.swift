#if Server
import Foundation
import Strata

/// Pictures of a request as the input of a model.
///
/// They are decoded, turned upright by EXIF, converted to the model's channels and resized to its
/// size, as by `strata predict`. Values are 0 … 255: models scale them with a `Rescaling` layer of
/// their own.
struct PictureInput {
    let description: Predictor.TensorDescription
    /// Pixels that the pictures of a request may have in all: as files, and in the model's size.
    let maxPixels: Int

    /// A tensor `[count, …]` of JPEG and PNG files.
    ///
    /// - Parameter files: their names in errors, and their bytes.
    /// - Throws: a ``ServingError`` if one cannot be decoded or is too large, or if the model takes
    ///   no pictures.
    func tensor(_ files: [(name: String, bytes: [UInt8])]) throws(ServingError) -> Tensor {
        guard (3...4).contains(description.shape.rank) else {
            let input = ModelMetadata.TensorMetadata(description)
            throw ServingError(
                .invalidArgument,
                "for input \(quoted(input.name)) the model takes \(input.datatype.rawValue) "
                    + "\(input.shape), not pictures; send numbers")
        }
        guard !files.isEmpty else {
            throw ServingError(.invalidArgument, "there are no pictures; send at least one")
        }
        var (filePixels, pixels) = (0, 0)
        var pictures: [Tensor] = []
        for (name, bytes) in files {
            do throws(DataError) {
                let picture = try ImageDecoder.decode(
                    bytes, file: name, isUpright: true, least: nil,
                    pixelLimit: max(maxPixels - filePixels, 1))
                filePixels += picture.shape[0] * picture.shape[1]
                let fitted = try picture.fitted(to: description.shape)
                pixels += fitted.shape[0] * fitted.shape[1]
                pictures.append(fitted)
            } catch {
                throw ServingError(error, maxPixels: maxPixels)
            }
            guard pixels <= maxPixels else {
                throw ServingError(
                    .tooLarge,
                    "the pictures have more than \(maxPixels) pixels in all in the model's size; "
                        + "send fewer in a request")
            }
        }
        return try stacked(pictures, names: files.map(\.name))
    }

    private func stacked(
        _ pictures: [Tensor], names: [String]
    ) throws(ServingError) -> Tensor {
        let first = pictures[0]
        if let other = pictures.firstIndex(where: { $0.shape != first.shape }) {
            throw ServingError(
                .invalidArgument,
                "\(names[0]) has shape \(first.shape) and \(names[other]) \(pictures[other].shape); "
                    + "the model takes pictures of any size, but those of a request have one size")
        }
        let shape = [pictures.count] + first.shape
        if pictures.count == 1 {
            return Tensor(storage: first.storage, shape: shape).cast(to: description.dtype)
        }
        let values = pictures.flatMap(\.scalars)
        return Tensor(storage: .float32(values), shape: shape).cast(to: description.dtype)
    }
}

extension PictureInput {
    /// The bytes of a picture in an element of `BYTES`: as they are, or in base 64, since JSON holds
    /// no others.
    ///
    /// - Parameter name: the picture's, in errors.
    static func bytes(_ element: [UInt8], name: String) throws(ServingError) -> [UInt8] {
        // The first bytes of JPEG and PNG are no text, nor are some of other files.
        let isText = element.allSatisfy { (0x20..<0x7F).contains($0) || (9...13).contains($0) }
        guard isText, !element.isEmpty else { return element }
        guard let bytes = base64(element) else {
            throw ServingError(
                .invalidArgument,
                "\(name) is text, but not in base 64; send the PNG or JPEG file in base 64, or its "
                    + "bytes as binary data")
        }
        return bytes
    }

    /// The bytes of a text in base 64, which may have line breaks; `nil` if it is not one.
    static func base64(_ text: [UInt8]) -> [UInt8]? {
        Data(base64Encoded: Data(text.filter { !(9...13).contains($0) && $0 != 0x20 }))
            .map { Array($0) }
    }
}
#endif
