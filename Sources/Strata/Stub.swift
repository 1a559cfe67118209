final class OptimizerState {
    let weights: [Variable]
    let iterations = Variable("iterations", kind: .nonTrainable, value: Tensor([Int32(0)], shape: []))
    let learningRate = Variable("learning_rate", kind: .nonTrainable, value: Tensor(0.01))
    var variables: [Variable] { [iterations, learningRate] }
    init(_ optimizer: any Optimizer, weights: [Variable]) { self.weights = weights }
    func updates(_ optimizer: any Optimizer, weights: [(variable: Variable, value: SymbolicTensor, gradient: SymbolicTensor)]) -> [(variable: Variable, value: SymbolicTensor)] {
        weights.map { ($0.variable, $0.value - .variable(learningRate) * $0.gradient) }
    }
}
struct SparseCategoricalCrossentropy { var ignoreClass: Int? }
extension LearningRate { func value(step: Int) -> Float { 0 } }
