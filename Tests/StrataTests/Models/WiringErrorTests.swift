import Strata
import Testing

@Suite struct `Errors of wiring` {
    private func message(_ make: () throws -> Model) -> String {
        do {
            _ = try make()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func `an image that becomes too small names the layer, the way and the least size`() {
        let text = message {
            try Sequential {
                Input(shape: [2, 2, 1], name: "image")
                Conv2D(8, kernelSize: 3, padding: .same, name: "conv_1")
                MaxPooling2D(2, name: "pool_1")
                Conv2D(8, kernelSize: 3, padding: .same, name: "conv_2")
                MaxPooling2D(2, name: "pool_2")
            }
        }
        #expect(
            text == """
                pool_2 (WiringErrorTests.swift:16): an image of [?, 1, 1, 8] is smaller than the pool \
                window [2, 2]
                  image -> [?, 2, 2, 1]
                  conv_1 -> [?, 2, 2, 8]
                  pool_1 -> [?, 1, 1, 8]
                  conv_2 -> [?, 1, 1, 8]
                  fix: use padding: .same, fewer pools or smaller strides, or an input of at least 4×4
                """)
    }

    @Test func `a kernel larger than the image is told before any training`() {
        let text = message {
            try Model(
                inputs: small,
                outputs: Conv2D(4, kernelSize: 5, name: "conv")(
                    small, file: "App/main.swift", line: 9))
        }
        #expect(
            text == """
                conv (main.swift:9): an image of [?, 3, 3, 1] is smaller than the kernel [5, 5]
                  small -> [?, 3, 3, 1]
                  fix: use padding: .same, fewer pools or smaller strides, or an input of at least 5×5
                """)
    }

    @Test func `a dense layer that is used on another width says which it was made for`() {
        let dense = Dense(2, name: "dense")
        _ = dense(Input(shape: [4]))
        let other = Input(shape: [5], name: "other")
        let text = message {
            try Model(inputs: other, outputs: dense(other, file: "App/main.swift", line: 3))
        }
        #expect(
            text == """
                dense (main.swift:3): the last dimension of [?, 5] should be 4, the width that this \
                layer's weights were made for
                  other -> [?, 5]
                  fix: feed the width that the layer was built for, or use a new layer
                """)
    }

    @Test func `inputs that do not broadcast are shown with their shapes`() {
        let (a, b) = (Input(shape: [4], name: "a"), Input(shape: [3], name: "b"))
        let text = message {
            try Model(
                inputs: [a, b],
                outputs: Add(name: "add")([a, b], file: "App/main.swift", line: 5))
        }
        #expect(
            text == """
                add (main.swift:5): shapes [?, 4] and [?, 3] do not broadcast
                  a -> [?, 4]
                  fix: make the dimensions equal, or 1 where one should be repeated
                """)
    }

    @Test func `an output that hangs on an input which is not given names it`() {
        let (a, b) = (Input(shape: [4], name: "a"), Input(shape: [4], name: "b"))
        #expect(
            message { try Model(inputs: a, outputs: Add()([a, b])) } == """
                an output depends on the input b, which is not among the model's inputs
                  fix: add it to the inputs
                """)
    }

    @Test func `two layers of one name are refused`() {
        #expect(
            message {
                try Sequential {
                    Input(shape: [4])
                    Dense(2, name: "head")
                    Dense(2, name: "head")
                }
            } == """
                two layers are called head
                  fix: give one of them another name
                """)
    }

    private let small = Input(shape: [3, 3, 1], name: "small")

    @Test func `the size that would fit is told for channels that stand first, too`() {
        let input = Input(shape: [3, 2, 6], name: "image")
        let text = message {
            try Model(
                inputs: input,
                outputs: MaxPooling2D(3, dataFormat: .channelsFirst)(
                    Conv2D(4, kernelSize: 2, dataFormat: .channelsFirst)(input)))
        }
        #expect(text.hasSuffix("or an input of at least 4×4"))
    }
}
