internal import COneDNN

/// Something that the engine could not do.
package struct EngineError: Error, Sendable, CustomStringConvertible {
    package let description: String
    /// Whether a host function failed, not the engine.
    package let isOfHost: Bool
    /// Whether a sum over the ranks failed: no rank can go on.
    package let isOfCommunication: Bool

    package init(
        _ description: String, isOfHost: Bool = false, isOfCommunication: Bool = false
    ) {
        self.description = description
        self.isOfHost = isOfHost
        self.isOfCommunication = isOfCommunication
    }
}

/// The one way from oneDNN's status to an error.
func check(_ status: dnnl_status_t, _ what: @autoclosure () -> String) throws(EngineError) {
    if status == dnnl_success { return }
    let reason =
        switch status {
        case dnnl_out_of_memory: "there is not enough memory"
        case dnnl_invalid_arguments: "oneDNN calls its arguments invalid"
        case dnnl_unimplemented: "oneDNN has no implementation for it on this machine"
        case dnnl_runtime_error: "oneDNN failed while running it"
        default: "oneDNN returned status \(status.rawValue)"
        }
    throw EngineError("\(what()): \(reason)")
}
