import Strata
import Testing

/// Keras's functions beside its merging layers.
@Suite struct MergingFunctionTests {
    private static let cases:
        [(name: String, apply: @Sendable ([SymbolicTensor]) -> SymbolicTensor, result: [Float])] = [
            ("add", { add($0) }, [4, 6]), ("subtract", { subtract($0) }, [-2, -2]),
            ("multiply", { multiply($0) }, [3, 8]), ("average", { average($0) }, [2, 3]),
            ("maximum", { maximum($0) }, [3, 4]), ("minimum", { minimum($0) }, [1, 2]),
            ("concatenate", { concatenate($0) }, [1, 2, 3, 4]), ("dot", { dot($0, axes: 1) }, [11]),
            ("dot of axes", { dot($0, axes: (1, 1)) }, [11]),
        ]

    /// A layer of one's own that forgets its output.
    private final class Silent: Layer {
        override func call(_ inputs: [SymbolicTensor], _ context: CallContext) -> [SymbolicTensor] {
            []
        }
    }

    @Test func `a layer without an input, or with fewer than it was built for, is an error`() {
        for layer in [Dense(3), Softmax(), Add(), Subtract(), Dot(axes: 1), Concatenate()] {
            let outputs = layer.outputs(of: [])
            #expect(outputs.count == 1)
            let text = outputs[0].error?.description ?? ""
            #expect(text.contains("no input was given, but one or more are needed"), "\(text)")
        }
        let (dot, x) = (Dot(axes: 1), Input(shape: [4]))
        #expect(dot([x, x]).error == nil)
        let text = dot(x).error?.description ?? ""
        #expect(text.contains("1 inputs were given, but two are needed"), "\(text)")
        let silence = Silent()(x).error?.description ?? ""
        #expect(silence.contains("the layer has no output for 1 inputs"), "\(silence)")
    }

    @Test(arguments: cases.indices) func `a function makes its layer and applies it`(index: Int)
        throws
    {
        let (name, apply, result) = Self.cases[index]
        let inputs = [Input(shape: [2]), Input(shape: [2])]
        let model = try Model(inputs: inputs, outputs: [apply(inputs)])
        let y = try model.predict([
            Tensor([1, 2], shape: [1, 2]), Tensor([3, 4], shape: [1, 2]),
        ])
        #expect(y[0].scalars == result, "\(name)")
    }
}
