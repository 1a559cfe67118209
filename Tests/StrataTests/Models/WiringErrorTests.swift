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
}
