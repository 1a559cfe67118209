internal import CStrataKeras
internal import StrataEngine
internal import StrataGraph

/// The status of a call; the message of an error becomes the thread's.
func status(_ body: () throws -> Void) -> Int32 {
    do {
        try body()
        return Int32(strata_status_ok.rawValue)
    } catch {
        strata_keras_set_error("\(error)")
        return Int32(code(of: error).rawValue)
    }
}

private func code(of error: any Error) -> strata_status {
    if let error = error as? EngineError {
        return error.isOfHost ? strata_status_host : strata_status_failed
    }
    guard let error = error as? GraphError else { return strata_status_failed }
    if case .hostFunctionFailed = error.problem { return strata_status_host }
    if case .noMemory = error.problem { return strata_status_failed }
    return strata_status_invalid
}
