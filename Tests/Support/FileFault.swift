internal import CFileFaults
internal import Foundation

/// What becomes of a call of the file system.
package enum FileFault: String, CaseIterable, Sendable {
    /// There is no space for this call, as while another process writes.
    case fullForAMoment
    /// There is no space from this call on.
    case full
    /// The disk fails.
    case broken
    /// The rights are missing.
    case forbidden
    /// A signal arrives.
    case interrupted
    /// A read or a write ends early, as at a signal.
    case short

    private var error: Int32 {
        switch self {
        case .fullForAMoment, .full: ENOSPC
        case .broken: EIO
        case .forbidden: EACCES
        case .interrupted: EINTR
        case .short: 0
        }
    }

    /// Whether nobody is to notice.
    package var isHarmless: Bool { self == .interrupted || self == .short }

    /// The first of the calls of which each is to fail, by `STRATA_FAULTS`; `nil` for some of all calls.
    private static var firstOfAll: Int? {
        ProcessInfo.processInfo.environment["STRATA_FAULTS"].map { max(Int($0) ?? 1, 1) }
    }

    /// Whether each call is to fail, which takes an hour for the longest of the tests.
    package static var isThorough: Bool { firstOfAll != nil }

    /// The calls that are to fail, from 1: each with `STRATA_FAULTS=1`, each from the 500th on with
    /// `STRATA_FAULTS=500`, else at most so many, spread over all.
    package func calls(of count: Int, most: Int) -> [Int] {
        if let first = Self.firstOfAll { return Array(stride(from: first, through: count, by: 1)) }
        let step = count <= most ? 1 : (count + most - 1) / most
        // Other calls for each fault.
        let index = Self.allCases.firstIndex(of: self) ?? 0
        return Array(stride(from: 1 + index * step / Self.allCases.count, through: count, by: step))
    }

    /// Runs `body` with this fault for files below `folder`, in this thread.
    ///
    /// - Parameter call: the number of the call, from 1.
    /// - Returns: the number of calls, and the error of `body`.
    package func inject(
        at call: Int, below folder: String, _ body: () throws -> Void
    ) -> (count: Int, error: (any Error)?) {
        cf_arm(folder, call, error, self == .full ? 1 : 0)
        do {
            try body()
        } catch {
            return (cf_disarm(), error)
        }
        return (cf_disarm(), nil)
    }
}

/// A way of writing files, whose contents say from which of two versions they are.
package struct VersionedWriting {
    package let name: String
    let replaces: [Bool]
    let write: (_ folder: String, _ version: Int) throws -> Void
    let read: (_ folder: String) throws -> Int?

    /// - Parameters:
    ///   - replaces: whether there is a first version before the second; by default both are tried.
    ///   - write: writes version 1 or 2 into a folder.
    ///   - read: the version in a folder, or `nil` if it has none; throws where it is not whole.
    package init(
        _ name: String, replaces: [Bool] = [false, true],
        write: @escaping (_ folder: String, _ version: Int) throws -> Void,
        read: @escaping (_ folder: String) throws -> Int?
    ) {
        (self.name, self.replaces, self.write, self.read) = (name, replaces, write, read)
    }

    /// Lets each call fail in turn while the second version is written.
    ///
    /// - Parameter most: the number of calls that fail at most, unless `STRATA_FAULTS` is set.
    /// - Returns: the number of calls, and what is wrong after each: a version that is neither the
    ///   old nor the new one, an error that names no file or should not be there, a temporary file,
    ///   or an operation that cannot be repeated.
    package func findings(
        _ fault: FileFault, most: Int = .max
    ) throws -> (count: Int, problems: [String]) {
        var problems: [String] = []
        var largest = 0
        for hasFirst in replaces {
            let attempt = { (call: Int) throws -> Int in
                let folder = try TemporaryFolder()
                if hasFirst { try write(folder.path, 1) }
                let (count, error) = fault.inject(at: call, below: folder.path) {
                    try write(folder.path, 2)
                }
                let found = problem(in: folder, after: error, hasFirst: hasFirst, fault)
                if let found { problems.append("call \(call), \(fault): \(found)") }
                return count
            }
            let count = try attempt(.max)
            largest = max(largest, count)
            for call in fault.calls(of: count, most: most) { _ = try attempt(call) }
        }
        return (largest, problems)
    }

    private func problem(
        in folder: TemporaryFolder, after error: (any Error)?, hasFirst: Bool, _ fault: FileFault
    ) -> String? {
        do {
            let version = try read(folder.path)
            let allowed = error == nil ? [2] : [hasFirst ? 1 : nil, 2]
            if !allowed.contains(version) {
                return "version \(version.map { "\($0)" } ?? "none") after \(error as Any)"
            }
            if let error {
                if fault.isHarmless { return "\(error)" }
                if !"\(error)".contains(folder.path) { return "no file in the error: \(error)" }
            }
            let rest = folder.files.filter { $0.contains(".partial") }
            if !rest.isEmpty { return "\(rest) remain" }
            try write(folder.path, 2)
            return try read(folder.path) == 2 ? nil : "another version after another try"
        } catch let failure {
            return "\(failure) after \(error as Any)"
        }
    }
}
