import Strata
import Testing

@Suite struct ActivationTests {
    @Test(arguments: [
        ("swish", ActivationFunction.silu), ("hard_swish", .hardSilu), ("leaky_relu", .leakyRelu),
    ])
    func `an activation is found by Keras's names`(name: String, function: ActivationFunction) {
        #expect(ActivationFunction(named: name) == function)
    }

    @Test func `what saturates stays a number far from 0`() throws {
        let x = SymbolicTensor.constant(Tensor([-1000, 1000]))
        for function in [
            ActivationFunction.softplus, .logSigmoid, .sigmoid, .mish, .gelu, .elu, .selu, .silu,
        ] {
            let y = function(x)
            let slope = y.sum().gradients(withRespectTo: [x])
            let results = try evaluate([y] + slope)
            #expect(results.allSatisfy { $0.scalars.allSatisfy(\.isFinite) }, "\(function)")
        }
    }

    @Test func `softplus has the slope ½ at 0`() throws {
        let x = SymbolicTensor.constant(Tensor([0]))
        let slope = x.softplus().sum().gradients(withRespectTo: [x])
        #expect(try evaluate(slope)[0].scalars == [0.5])
    }

    @Test func `a gate needs an even axis`() {
        let y = SymbolicTensor.input("x", [2, 3]).glu()
        #expect(
            y.error?.description.hasPrefix("the length of axis 1 (3) cannot be divided") == true)
    }

    @Test func `a gate works on any number of samples`() throws {
        let x = Input(shape: [4])
        let model = try Model(inputs: x, outputs: x.glu())
        #expect(model.outputShapes == [[nil, 2]])
        // The sigmoid of 0 is ½.
        let y = try model.predict(Tensor([3, -8, 0, 0, 5, 1, 0, 0], shape: [2, 4]))
        #expect(y.scalars == [1.5, -4, 2.5, 0.5])
    }
}
