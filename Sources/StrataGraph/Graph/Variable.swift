import Synchronization

/// A tensor that outlives a step: a weight, a statistic, an optimizer's slot.
///
/// The value is in host memory until a training plan adopts it. From then on the engine keeps it in
/// the resident layout of its primitives, and ``value`` returns it row-major.
public final class Variable: Sendable {
    /// The role of a variable.
    public enum Kind: String, Sendable, Hashable {
        /// A weight which an optimizer updates.
        case trainable
        /// A statistic or a counter which the step itself updates.
        case nonTrainable
        /// The state of a random generator; not saved, as in Keras.
        case seed
    }

    /// The name within its layer, as in Keras: `kernel`, `bias`, `gamma`.
    public let name: String
    public let shape: [Int]
    public let dtype: DType
    public let kind: Kind

    private enum Home {
        case host(Tensor)
        case engine(any VariableStorage)
    }

    private let home: Mutex<Home>
    private let writes = Atomic(0)

    package init(_ name: String, kind: Kind = .trainable, value: Tensor) {
        self.name = name
        self.kind = kind
        shape = value.shape
        dtype = value.dtype
        home = Mutex(.host(value))
    }

    /// The current value, row-major.
    ///
    /// - Throws: where the engine cannot bring it into row-major order, as without memory.
    public var value: Tensor {
        get throws(VariableError) {
            let storage: any VariableStorage
            switch home.withLock({ $0 }) {
            case .host(let tensor): return tensor
            case .engine(let found): storage = found
            }
            // Outside of the lock: it waits for a step that writes the value.
            do {
                return try storage.read()
            } catch {
                // Without the fix of a graph's error: what helps here is another one.
                let reason = (error as? GraphError)?.problem.sentence ?? "\(error)"
                throw VariableError(variable: name, access: .read, reason: reason)
            }
        }
    }

    /// The value while it is in host memory; `nil` once a plan that writes the variable has adopted it.
    package var hostValue: Tensor? {
        home.withLock { home in
            if case .host(let tensor) = home { tensor } else { nil }
        }
    }

    /// Replaces the value.
    ///
    /// - Precondition: the shape is the variable's; callers with input of their own check it.
    /// - Throws: where the engine cannot bring it into its layout; the value is the old one then, or
    ///   undefined.
    package func assign(_ tensor: Tensor) throws(VariableError) {
        precondition(tensor.shape == shape, "\(name) has shape \(shape), not \(tensor.shape)")
        let tensor = tensor.cast(to: dtype)
        let storage = home.withLock { home -> (any VariableStorage)? in
            switch home {
            case .host:
                home = .host(tensor)
                return nil
            case .engine(let storage): return storage
            }
        }
        do {
            try storage?.write(tensor)
        } catch {
            throw VariableError(variable: name, access: .written, reason: "\(error)")
        }
        countWrite()
    }

    /// Incremented whenever the host or a step changed the value, so that stale copies are
    /// detected.
    ///
    /// Plans read it in every step, so it takes no lock.
    package var version: Int { writes.load(ordering: .acquiring) }

    /// Records that a step has written the value.
    package func countWrite() { writes.add(1, ordering: .releasing) }

    /// The engine's memory of this variable, if a plan has adopted it.
    package var storage: (any VariableStorage)? {
        home.withLock { home in
            if case .engine(let storage) = home { storage } else { nil }
        }
    }

    /// Hands the value over to the engine, unless that has happened already.
    ///
    /// - Parameter make: creates the engine's memory from the current value.
    /// - Returns: the engine's memory of the value.
    @discardableResult
    package func adopt<Failure: Error>(
        _ make: (Tensor) throws(Failure) -> any VariableStorage
    ) throws(Failure) -> any VariableStorage {
        try home.withLock { home throws(Failure) in
            switch home {
            case .engine(let storage): return storage
            case .host(let tensor):
                let storage = try make(tensor)
                home = .engine(storage)
                countWrite()
                return storage
            }
        }
    }
}

/// The engine's memory of a variable.
package protocol VariableStorage: AnyObject, Sendable {
    func read() throws -> Tensor
    func write(_ tensor: Tensor) throws
}

extension Variable: Hashable {
    public static func == (left: Variable, right: Variable) -> Bool { left === right }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}

extension Variable: CustomStringConvertible {
    /// Name, type and shape: `kernel: float32 [3, 3, 1, 32]`.
    public var description: String { "\(name): \(dtype.rawValue) \(Shape(shape))" }
}
