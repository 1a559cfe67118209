internal import StrataEngine

/// The engine that models compute on.
///
/// No other file of Strata names one.
package let computeEngine: any Engine = CPUEngine()
