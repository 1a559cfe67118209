import Testing

@testable import Strata

@Suite struct ColumnTests {
    @Test(arguments: [
        ("cat", 3), ("Straße", 6), ("e\u{301}", 1), ("長靴", 4), ("👟", 2), ("한글", 4), ("ｶﾅ", 2),
        ("ＡＢ", 4), ("❤️", 2), ("", 0),
    ]) func `wide letters take two columns`(text: String, count: Int) {
        #expect(text.columnCount == count)
        #expect(text.padded(toColumns: 8).columnCount == 8)
        #expect(text.shortened(toColumns: 3).columnCount <= 3)
    }
}
