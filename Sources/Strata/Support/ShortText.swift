internal import Foundation

extension Float {
    /// The number in few characters: three digits, or two and an exponent.
    package var shortText: String {
        guard isFinite, abs(self) < 1e6, self == 0 || abs(self) >= 0.005 else {
            return isFinite ? String(format: "%.1e", self) : "\(self)"
        }
        let digits: Float = abs(self) >= 100 ? 1 : abs(self) >= 10 ? 10 : 100
        let rounded = (self * digits).rounded() / digits
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
