import Synchronization

/// Classes that a user has registered, by their names in files.
///
/// A name consists of a package and a class name, as in Keras 3.15.1's
/// `register_keras_serializable`.
final class CustomClasses<Class: Sendable>: Sendable {
    private struct Entry: Sendable {
        var registeredName: String
        var className: String
        var id: ObjectIdentifier
        var type: Class
    }

    private let entries = Mutex<[Entry]>([])

    /// Registers a class; it replaces an earlier one with the same name.
    ///
    /// - Parameter id: of the type.
    func register(
        _ type: Class, _ id: ObjectIdentifier, className: String, package: String, name: String?
    ) {
        let entry = Entry(
            registeredName: "\(package)>\(name ?? className)", className: className, id: id,
            type: type)
        entries.withLock { entries in
            entries.removeAll { $0.registeredName == entry.registeredName || $0.id == id }
            entries.append(entry)
        }
    }

    /// The registered name of a type that is not Keras's.
    func registeredName(of id: ObjectIdentifier, className: String) -> String {
        let entry = entries.withLock { entries in entries.first { $0.id == id } }
        return entry?.registeredName ?? "Custom>\(className)"
    }

    /// The class of an object in a file: by its registered name, or by the class name alone.
    func find(_ object: SerializedObject) -> Class? {
        let entries = entries.withLock { $0 }
        let entry =
            entries.first { $0.registeredName == object.registeredName }
            ?? entries.last { $0.className == object.className }
        return entry?.type
    }
}

extension SerializedObject {
    /// The same object with a class that is not Keras's, and so has no module.
    func registered(as name: String) -> SerializedObject {
        var object = self
        object.module = ""
        object.registeredName = name
        return object
    }
}
