// Names that code in the documentation uses without declaring them, as in the middle of a program. scripts/doc-code
// compiles every block with this file. A block that needs more declares it: readers want to see it too.
import Strata

func some<Value>() -> Value { fatalError("never run") }

nonisolated(unsafe) let model: Model = some()
let (train, test): (LabelledImages, LabelledImages) = some()
let (x, y): (Tensor, Tensor) = some()
let pictures: Tensor = some()
let history: History = some()
let batches: [(Tensor, Tensor)] = some()
let (left, right): (SymbolicTensor, SymbolicTensor) = some()

// docs/own-parts.md: the parts of Examples/Sources/own-parts and two-optimizers.
typealias Scale = Rescaling
typealias LopsidedError = MeanSquaredError
typealias LargestError = F1Score
typealias SignDescent = SGD
nonisolated(unsafe) let (critic, generator): (Model, Model) = some()
nonisolated(unsafe) let (criticTrainer, generatorTrainer): (Trainer, Trainer) = some()
let isReal: BinaryCrossentropy = some()
let (ones, zeros): (Tensor, Tensor) = some()
