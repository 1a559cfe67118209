/// oneDNN's order of an image's axes: N C spatial…, where the graph has N spatial… C.
func imageOrder(_ rank: Int) -> [Int] {
    rank < 3 ? Array(0..<rank) : [0, rank - 1] + Array(1..<rank - 1)
}

/// oneDNN's order of a kernel's axes: O I spatial…, where the graph has spatial… I O.
func kernelOrder(_ rank: Int) -> [Int] {
    [rank - 1, rank - 2] + Array(0..<rank - 2)
}

/// The same with filters split by group: G O I spatial…, where the graph has spatial… I G O.
func groupedKernelOrder(_ rank: Int) -> [Int] {
    [rank - 2, rank - 1, rank - 3] + Array(0..<rank - 3)
}
