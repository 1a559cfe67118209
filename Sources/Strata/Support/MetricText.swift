internal import Foundation

extension Float {
    /// The value of a metric as in Keras's progress bar: four decimals, or five digits and an
    /// exponent for small values.
    package var metricText: String {
        abs(self) > 1e-3 || self == 0
            ? String(format: "%.4f", self) : String(format: "%.4e", self)
    }
}
