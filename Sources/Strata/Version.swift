/// The version of Strata, as in semver.org; `strata --version` prints it.
public let strataVersion = "0.1.0"
