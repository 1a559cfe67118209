#if MPI
internal import CMPI

/// A connection between the monitors of two ranks.
struct Link {
    let socket: Int32
    private(set) var isOpen = true
    private var bytes: [UInt8] = []

    init(_ socket: Int32) { self.socket = socket }

    func send(_ frame: Frame) {
        let bytes = frame.bytes
        strata_mpi_send(socket, bytes, Int32(bytes.count))
    }

    /// The frames that have come.
    ///
    /// What came before the other side closed the connection counts.
    mutating func receive() -> [Frame] {
        var block = [UInt8](repeating: 0, count: 4096)
        while isOpen {
            let count = Int(strata_mpi_receive(socket, &block, Int32(block.count)))
            if count == 0 { break }
            if count < 0 { isOpen = false } else { bytes += block[..<count] }
        }
        var frames: [Frame] = []
        while true {
            switch Frame.take(from: &bytes) {
            case .frame(let frame): frames.append(frame)
            case .incomplete: return frames
            case .invalid:
                isOpen = false
                return frames
            }
        }
    }
}
#endif
