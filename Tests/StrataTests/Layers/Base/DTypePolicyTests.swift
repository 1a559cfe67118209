import Testing

@testable import Strata

@Suite struct DTypePolicyTests {
    @Test func `bfloat16 without arithmetic for it is slow, and a user is told`() {
        let warning =
            "this processor has no bfloat16 arithmetic; mixed_bfloat16 is computed in float32 "
            + "here, slower than on one that has it"
        #expect(DTypePolicy.mixedBfloat16.warning(hasBfloat16: false) == warning)
        #expect(DTypePolicy.mixedBfloat16.warning(hasBfloat16: true) == nil)
        #expect(DTypePolicy.float32.warning(hasBfloat16: false) == nil)
    }

    @Test func `a policy of float16 is refused with what to use instead`() {
        let layer: [String: JSONValue] = ["units": 2, "dtype": "mixed_float16"]
        let error = #expect(throws: ConfigurationError.self) {
            try LayerRegistry.layer(
                SerializedObject(module: "keras.layers", className: "Dense", config: layer),
                path: "net")
        }
        #expect(error?.message.contains("mixed_bfloat16") == true)
    }
}
