internal import StrataEngine

/// The engine that models compute on.
///
/// No other file of Strata names one.
package let computeEngine: any Engine = CPUEngine()

/// Lets the process's threads share a heap arena for each core: for programs, at their start.
package func shareHeapArenas() { Threads.shareArenas() }

/// Gives memory that is free back to the system: for programs that have just freed much of it, and go on.
package func trimHeap() { Threads.trimHeap() }
