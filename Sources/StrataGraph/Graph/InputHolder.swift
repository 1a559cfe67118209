/// An object that refers to its input tensors: a node, or a layer's call.
///
/// A tensor refers to its origin, and that to the tensors before it. Swift would free such a chain
/// recursively, and a deep model would overflow the thread's stack. So a holder calls
/// ``releaseInputs()`` when it is freed.
package protocol InputHolder: AnyObject {
    /// Releases the inputs; called only while nothing else refers to the holder.
    func takeInputs() -> [SymbolicTensor]
}

extension InputHolder {
    /// Frees the inputs, and everything that only they refer to, iteratively.
    package func releaseInputs() {
        var waiting = takeMakers()
        while !waiting.isEmpty {
            // Optional, because Swift 6 would open the existential, and count the copy that it opens.
            var maker: AnyObject? = waiting.removeLast()
            if isKnownUniquelyReferenced(&maker), let holder = maker as? any InputHolder {
                waiting += holder.takeMakers()
            }
        }
    }

    /// The inputs' origins, which only the result refers to any more.
    private func takeMakers() -> [AnyObject] {
        var makers: [AnyObject] = []
        for tensor in takeInputs() {
            if let node = tensor.node { makers.append(node) }
            if let producer = tensor.producer { makers.append(producer) }
        }
        return makers
    }
}
