import Testing

@testable import Strata

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("trian", "train"), ("Train", "train"), ("evalute", "evaluate"), ("lenet", "lenet5"),
        ("bfloat16", "mixed_bfloat16"), ("predictt", "predict"), ("xyz", nil), ("", nil),
        ("fotos", "photos"), ("a", nil),
    ])
    func `a name with a slip or two is recognized`(text: String, meant: String?) {
        let names = [
            "train", "evaluate", "predict", "lenet5", "mixed_bfloat16", "photos", "long_name",
        ]
        #expect(nearestName(to: text, among: names) == meant)
    }

    @Test func `the nearest of several is meant, and of equals the first`() {
        #expect(nearestName(to: "cifar1", among: ["cifar100", "cifar10"]) == "cifar10")
        #expect(nearestName(to: "cifar11", among: ["cifar10", "cifar12"]) == "cifar10")
    }
}
