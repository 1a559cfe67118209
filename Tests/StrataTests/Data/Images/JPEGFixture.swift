import Foundation
import Testing

// Small JPEG files with the pixels that Pillow 13.0.0 finds in them. Made by:
//
//     import base64, io
//     import numpy as np
//     from PIL import Image
//     y, x = np.mgrid[:9, :11]
//     rgb = np.stack([x * 23, y * 28, 255 - x * 11 - y * 14], -1).astype(np.uint8)
//     cmyk = np.dstack([rgb, (x * 9).astype(np.uint8)])
//     pictures = {"grey": Image.fromarray(rgb[..., 0]), "colour": Image.fromarray(rgb),
//                 "progressive": Image.fromarray(rgb), "cmyk": Image.fromarray(cmyk, mode="CMYK")}
//     for name, picture in pictures.items():
//         file = io.BytesIO()
//         picture.save(file, "JPEG", quality=80, progressive=name == "progressive")
//         decoded = Image.open(io.BytesIO(file.getvalue()))
//         if decoded.mode == "CMYK": decoded = decoded.convert("RGB")
//         print(base64.b64encode(file.getvalue()).decode()); print(base64.b64encode(np.asarray(decoded).tobytes()).decode())

struct JPEGFixture: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var channels: Int
    var file: [UInt8]
    var pixels: [UInt8]

    private init(_ name: String, channels: Int, file: String, pixels: String) {
        testDescription = name
        self.channels = channels
        self.file = Data(base64Encoded: file).map { [UInt8]($0) } ?? []
        self.pixels = Data(base64Encoded: pixels).map { [UInt8]($0) } ?? []
    }

    private static let grey = JPEGFixture(
        "grey", channels: 1,
        file:
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsj"
            + "HBYWICwgIyYnKSopGR8tMC0oMCUoKSj/wAALCAAJAAsBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcI"
            + "CQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcY"
            + "GRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj"
            + "pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AOA+"
            + "C3/LD8K+vNI/5Btv/u18h/Bb/lh+FfXmkf8AINt/92v/2Q==",
        pixels:
            "ABcuRF1ziqG40OQAFy5EXXOKobjQ5AAXLkRdc4qhuNDkABcuRF1ziqG40OQAFy5EXXOKobjQ5AAXLkRdc4qhuNDk"
            + "ABcuRF1ziqG40OQAFy5EXXOKobjQ5AAXLkRdc4qhuNDk")

    private static let colour = JPEGFixture(
        "colour", channels: 3,
        file:
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsj"
            + "HBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo"
            + "KCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAARCAAJAAsDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAA"
            + "AAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk"
            + "M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT"
            + "lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QA"
            + "HwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdh"
            + "cRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hp"
            + "anN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk"
            + "5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDm9F8E/d/dfpXWxeCf3a/uu3pXWaL/AA110P8Aq1+lfP8AEnF+"
            + "P9tuHB+fYn6tuf/Z",
        pixels:
            "AgXgDQjgIQvaNQvRTwjEaQi3hgesnQafsQaTxAmO0wqMDBnjFhziKSDfPyDVWB7Kchy7jhyvpRuiuxuZzh2S2x+P"
            + "DzTbGTbaLDnXQjrNWjjCdDazkDanqDWavjWP0TiK3zqGDU/KF1LKK1TGQlW+WlOyc1Glj1KYqFCMvlCB0VJ73lR2"
            + "Cm65FnG4KnS1P3OsV3KfcnGRjnGFpXB4um9sznJn23RjCYqnFI6lJ5CjPZCYVo6Nb45/jY1zo4tluYtazI5V2pBR"
            + "CqaYFaqWKKyUPa2JV6p+cKpwjqlkpahXuahMzKpG26xCDsCQGMOOLMaKQceCXMR1dsJoksJcqcFPv8FE0cU/38U6"
            + "FtWPINmNNNuJSNuAYtlzfNlmmNlZr9hMxNZC2Nk959s3")

    private static let progressive = JPEGFixture(
        "progressive", channels: 3,
        file:
            "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsj"
            + "HBYWICwgIyYnKSopGR8tMC0oMCUoKSj/2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo"
            + "KCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wgARCAAJAAsDASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAA"
            + "Bf/EABUBAQEAAAAAAAAAAAAAAAAAAAAF/9oADAMBAAIQAxAAAAE1ZZee/8QAGRAAAgMBAAAAAAAAAAAAAAAAAAED"
            + "BCEx/9oACAEBAAEFAoaQqWQi5//EABgRAAIDAAAAAAAAAAAAAAAAAAADBAUT/9oACAEDAQE/AaeezM//xAAXEQAD"
            + "AQAAAAAAAAAAAAAAAAAAAwUS/9oACAECAQE/AaVd+z//xAAWEAEBAQAAAAAAAAAAAAAAAAAxABD/2gAIAQEABj8C"
            + "I3//xAAXEAEBAQEAAAAAAAAAAAAAAAAAMSFB/9oACAEBAAE/IZmI5Sf/2gAMAwEAAgADAAAAEHP/xAAVEQEBAAAA"
            + "AAAAAAAAAAAAAAAAQf/aAAgBAwEBPxCm/8QAFREBAQAAAAAAAAAAAAAAAAAAAEH/2gAIAQIBAT8QrP/EABkQAAEF"
            + "AAAAAAAAAAAAAAAAAAAQUYGh8f/aAAgBAQABPxDBIiyFA//Z",
        pixels:
            "AgXgDQjgIQvaNQvRTwjEaQi3hgesnQafsQaTxAmO0wqMDBnjFhziKSDfPyDVWB7Kchy7jhyvpRuiuxuZzh2S2x+P"
            + "DzTbGTbaLDnXQjrNWjjCdDazkDanqDWavjWP0TiK3zqGDU/KF1LKK1TGQlW+WlOyc1Glj1KYqFCMvlCB0VJ73lR2"
            + "Cm65FnG4KnS1P3OsV3KfcnGRjnGFpXB4um9sznJn23RjCYqnFI6lJ5CjPZCYVo6Nb45/jY1zo4tluYtazI5V2pBR"
            + "CqaYFaqWKKyUPa2JV6p+cKpwjqlkpahXuahMzKpG26xCDsCQGMOOLMaKQceCXMR1dsJoksJcqcFPv8FE0cU/38U6"
            + "FtWPINmNNNuJSNuAYtlzfNlmmNlZr9hMxNZC2Nk959s3")

    private static let cmyk = JPEGFixture(
        "cmyk", channels: 3,
        file:
            "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAGBAUGBQQGBgUGBwcGCAoQCgoJCQoUDg8MEBcUGBgXFBYWGh0lHxobIxwW"
            + "FiAsICMmJykqKRkfLTAtKDAlKCko/8AAFAgACQALBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAAB"
            + "AgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNi"
            + "coIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SV"
            + "lpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4E"
            + "QwBNAFkASwAAPwDvvjT/AMt/xrp/+Fzf9PP/AI9XE+DfBn+r/d/pXv8A4p/jr5D1f/kJXH+9R/wub/p5/wDHq9at"
            + "PBn+jR/u+3pXm1z/AK9/rX158af+W/418r1D4N/5Z16T4p/jr5D1f/kJXH+9RXrVp/x7R/SvNrn/AF7/AFr/2Q==",
        pixels:
            "/v4B4fcKwewVpuMei9slc9IsXMg1R8A6M7c/Ia5EEqZI/uIO4dwXwdIipsori8Mxc7s4XLJAR6tFM6NJIZtNEpRR"
            + "/sYc4cElwbgvprE3i6s9c6REXJxLR5ZOM49TIYhXEoJZ/qsp4acxwZ87pplDi5RIc45OXIdVR4JZM3tdIXVgEnBi"
            + "/o054YpBwYNKpn5Ri3pWc3VbXG9hR2tlM2ZoIWFqElxs/nRH4XBNwWtWpmddi2Rhc2BmXFtrR1dvM1NxIU9zEkx1"
            + "/lhU4VVbwVFjpk5pi0xtc0hyXEV2R0J5Mz97ITx9Ejl+/jti4TlpwTdwpjV2izN5czF9XC6BRyyDMyqFISiGEiaH"
            + "/h9w4R52wR19phyCixuFcxqJXBiMRxeOMxaQIRWQEhSR")

    static let all = [grey, colour, progressive, cmyk]
}
