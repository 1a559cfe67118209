// An adversarial pair of networks: one makes numbers, the other tells them from real ones. Each has an
// optimizer of its own, and both train in one step.
//
//     swift run -c release --package-path Examples two-optimizers

import Strata

let size = 64
let generator = try Sequential {
    Input(shape: [4])
    Dense(16, activation: .relu)
    Dense(1)
}
let critic = try Sequential {
    Input(shape: [1])
    Dense(16, activation: .relu)
    Dense(1)
}
let generatorTrainer = Trainer(Adam(learningRate: 1e-3, beta1: 0.5), for: generator)
let criticTrainer = Trainer(Adam(learningRate: 1e-3, beta1: 0.5), for: critic)
let isReal = BinaryCrossentropy(fromLogits: true)
let (ones, zeros) = (Tensor(repeating: 1, shape: [size, 1]), Tensor.zeros([size, 1]))

// Traced once: a plan with both networks, both gradients and both updates.
let step = TracedFunction { inputs, context in
    let fake = critic(generator(inputs[0], context), context)
    let real = critic(inputs[1], context)
    let criticLoss =
        isReal(.constant(ones), real) + isReal(.constant(zeros), fake)
    let generatorLoss = isReal(.constant(ones), fake)
    context.minimize(criticLoss, criticTrainer)
    context.minimize(generatorLoss, generatorTrainer)
    return [criticLoss, generatorLoss]
}

func noise(_ shape: [Int]) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { _ in .random(in: -1...1) }, shape: shape)
}

for number in 1...3000 {
    let real = noise([size, 1])
    let samples = Tensor(real.scalars.map { 3 + $0 / 2 }, shape: [size, 1])
    let losses = try step([noise([size, 4]), samples])
    if number % 500 == 0 {
        let made = try generator.predictOnBatch(noise([1000, 4])).scalars
        let mean = made.reduce(0, +) / Float(made.count)
        print(
            "step \(number): critic \(losses[0].scalars[0]), generator \(losses[1].scalars[0]), "
                + "mean \(mean) of 3")
    }
}

// The same pieces one by one: a value with its gradients, and weights that follow them.
let score = valueAndGradient(of: generator.trainableWeights) { inputs, context in
    -critic(generator(inputs[0], context), context).mean()
}
let (value, gradients) = try score([noise([size, 4])])
print("score \(-value.scalars[0]), \(gradients.count) gradients")
try generatorTrainer.apply(gradients)
