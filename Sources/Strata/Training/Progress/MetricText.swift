internal import Foundation

extension Float {
    /// The value of a metric as Keras's progress bar shows it: four digits behind the point, or where it is
    /// too small for that, five digits in all and an exponent.
    package var metricText: String {
        abs(self) > 1e-3 || self == 0
            ? String(format: "%.4f", self) : String(format: "%.4e", self)
    }
}
