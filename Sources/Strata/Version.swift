/// The version of Strata (semver.org), which `strata --version` prints.
public let strataVersion = "0.1.0"
