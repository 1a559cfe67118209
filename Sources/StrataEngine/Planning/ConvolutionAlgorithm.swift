internal import StrataGraph

/// The ways to compute a convolution or one of its gradients.
enum ConvolutionAlgorithm: String, Sendable {
    /// Vectors across sixteen images (`CKernels/batch_blocked.c`).
    case batchBlocked = "batch-blocked"
    /// A matrix product that reads windows from the image (`CKernels/implicit_gemm.c`).
    case implicitGEMM = "implicit GEMM"
    /// Winograd's algorithm for 3 × 3 with strides of 2 (`CKernels/winograd.c`).
    case stridedWinograd = "strided Winograd"
    /// im2col, or col2im, and a matrix product (`CKernels/im2col.c` and oneDNN).
    case im2col
    /// oneDNN's Winograd kernels, F(4 × 4, 3 × 3) (Lavin and Gray, 2015, arXiv:1509.09308).
    case winograd = "Winograd"
    /// oneDNN's direct kernels, for all shapes.
    case direct

    /// The algorithms for a pass; the first that suits a problem is used.
    static func candidates(for pass: ConvolutionProblem.Pass) -> [ConvolutionAlgorithm] {
        switch pass {
        case .forward:
            [.batchBlocked, .implicitGEMM, .stridedWinograd, .im2col, .winograd, .direct]
        case .dataGradient, .weightsGradient:
            [.batchBlocked, .stridedWinograd, .im2col, .winograd, .direct]
        }
    }
}

/// Whether an algorithm suits a problem, and why.
struct Suitability: Sendable, Equatable {
    var suits: Bool
    var reason: String

    static func yes(_ reason: String) -> Suitability { Suitability(suits: true, reason: reason) }
    static func no(_ reason: String) -> Suitability { Suitability(suits: false, reason: reason) }

    /// That of the direct algorithm.
    static let always = yes("for all shapes")
}

/// The algorithm for a problem, with the reasons for it and against those before it in the list.
struct ConvolutionChoice: Sendable {
    let problem: ConvolutionProblem
    private(set) var algorithm = ConvolutionAlgorithm.direct
    private(set) var reason = ""
    private(set) var passedOver: [(algorithm: ConvolutionAlgorithm, reason: String)] = []

    /// Chooses the first algorithm of the list that suits.
    ///
    /// - Parameters:
    ///   - refused: algorithms that the lowering cannot use, and why.
    ///   - usesAMX: whether oneDNN's kernel for the problem does; asked only where it matters.
    init(
        for problem: ConvolutionProblem, refused: [ConvolutionAlgorithm: String] = [:],
        usesAMX: () throws(EngineError) -> Bool
    ) throws(EngineError) {
        self.problem = problem
        for candidate in ConvolutionAlgorithm.candidates(for: problem.pass) {
            let verdict =
                if let reason = refused[candidate] { Suitability.no(reason) } else {
                    try problem.suitability(of: candidate, usesAMX: usesAMX)
                }
            if verdict.suits {
                (algorithm, reason) = (candidate, verdict.reason)
                return
            }
            passedOver.append((candidate, verdict.reason))
        }
    }

    /// The choice after oneDNN has made its primitive: it may have no Winograd kernel where the shapes suit one.
    func computed(by implementation: Implementation) -> ConvolutionChoice {
        guard algorithm == .winograd, !implementation.isWinograd else { return self }
        var result = self
        result.passedOver.append((.winograd, "oneDNN has no kernel for it here"))
        (result.algorithm, result.reason) = (.direct, Suitability.always.reason)
        return result
    }

    /// The choice in lines of text.
    var explanation: [String] {
        let others = passedOver.map { "\($0.algorithm.rawValue) (\($0.reason))" }
        return ["\(algorithm.rawValue): \(reason)"]
            + (others.isEmpty ? [] : ["passed over: " + others.joined(separator: ", ")])
    }
}
