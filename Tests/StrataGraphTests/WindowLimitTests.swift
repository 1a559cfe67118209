import StrataGraph
import Testing

/// Windows of any size give a result or an error.
@Suite struct WindowLimitTests {
    @Test(
        arguments: [0, -1, .min, 1 << 30, 1 << 40, .max],
        [Padding.valid, .same, .full, .causal])
    func `a window that no image fits is an error`(value: Int, padding: Padding) {
        let image = SymbolicTensor.input("x", [nil, 8, 8, 3])
        for window in [
            Window(size: [value, 1], strides: [1, 1], padding: padding),
            Window(size: [1, 2], strides: [1, value], padding: padding),
            Window(size: [2, 2], strides: [1, 1], dilations: [value, 1], padding: padding),
            Window(size: [1 << 20, 1 << 20], strides: [1, 1], padding: padding),
        ] {
            let pooled = SymbolicTensor.apply(
                .pooling(Pooling(kind: .maximum, window: window)), image)
            #expect(pooled.error?.description.contains("use 1 or more for each") == true)
        }
    }
}
