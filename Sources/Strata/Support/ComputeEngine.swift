internal import StrataEngine

/// The engine that models compute on. No other file names one.
let computeEngine: any Engine = CPUEngine()
