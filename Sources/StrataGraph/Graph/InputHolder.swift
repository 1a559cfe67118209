/// What holds the tensors that it was made from: a node, or a layer's call.
///
/// A tensor holds its makers, and those hold the tensors before them. Freed as Swift does it, each would
/// be freed within the freeing of the next, and a deep model would overflow the thread's stack. So a
/// holder calls ``releaseInputs()`` when it is freed.
package protocol InputHolder: AnyObject {
    /// Gives up the inputs; called only while nothing else refers to the holder.
    func takeInputs() -> [SymbolicTensor]
}

extension InputHolder {
    /// Frees the inputs, and what they alone hold, one after the other.
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

    /// The inputs' makers, which nothing here holds any more but the result.
    private func takeMakers() -> [AnyObject] {
        var makers: [AnyObject] = []
        for tensor in takeInputs() {
            if let node = tensor.node { makers.append(node) }
            if let producer = tensor.producer { makers.append(producer) }
        }
        return makers
    }
}
