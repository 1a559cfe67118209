/// The version of Strata (semver.org), which `strata --version` prints.
public let strataVersion = "0.1.0"

/// The version of Keras whose files are written, and whose results are those of Strata.
package let kerasVersion = "3.15.1"
