internal import StrataEngine

/// The engine that models compute on.
///
/// No other file of Strata names one.
let computeEngine: any Engine = CPUEngine()

extension EngineDescription {
    /// The engine that models compute on.
    package static var current: EngineDescription { computeEngine.description }
}
