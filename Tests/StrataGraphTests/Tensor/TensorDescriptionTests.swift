import StrataGraph
import Testing

/// Expected texts are those of NumPy 2, with Swift's `true` and `false`.
@Suite struct TensorDescriptionTests {
    struct Row: Sendable {
        let values: [Float]
        let text: String

        init(_ values: Float..., shows text: String) {
            self.values = values
            self.text = text
        }
    }

    private static let third = Float(1) / 3

    private static let rows: [Row] = [
        Row(1, 2.5, 3, shows: "[1.  2.5 3. ]"),
        Row(1e-5, 1.5, shows: "[1.0e-05 1.5e+00]"),
        Row(1e-5, 0, 1, shows: "[1.e-05 0.e+00 1.e+00]"),
        Row(.nan, 1.25, shows: "[ nan 1.25]"),
        Row(.infinity, -.infinity, 1, -2.5, shows: "[ inf -inf  1.  -2.5]"),
        Row(0.001, 10, shows: "[1.e-03 1.e+01]"),
        Row(1e8, shows: "[1.e+08]"),
        Row(123456.7, third, shows: "[1.2345670e+05 3.3333334e-01]"),
        Row(third, shows: "[0.33333334]"),
        Row(0.0123456789, shows: "[0.01234568]"),
        Row(0, 0, shows: "[0. 0.]"),
        Row(shows: "[]"),
        Row(.nan, shows: "[nan]"),
        Row(-0.0, 1, shows: "[-0.  1.]"),
        Row(1e10, .nan, -1, shows: "[ 1.e+10     nan -1.e+00]"),
        Row(0.1, 0.25, third, shows: "[0.1        0.25       0.33333334]"),
        Row(1e-20, shows: "[1.e-20]"),
        Row(1e8, 99_999, shows: "[1.0000e+08 9.9999e+04]"),
        Row(0.999_999_997, shows: "[1.]"),
        Row(100, 20, shows: "[100.  20.]"),
    ]

    @Test(arguments: rows)
    func `a row of numbers`(row: Row) {
        #expect(Tensor(row.values).description == row.text)
    }

    @Test func `whole numbers, truth values and single numbers`() {
        #expect(Tensor([1, -10] as [Int32]).description == "[  1 -10]")
        #expect(Tensor([true, false]).description == "[ true false]")
        #expect(Tensor(5).description == "5.0")
        #expect(Tensor([7] as [UInt8], shape: []).description == "7")
        #expect(Tensor([0.5]).cast(to: .bfloat16).description == "[0.5]")
        #expect(Tensor.zeros([0, 3]).description == "[]")
    }

    @Test func `more axes have brackets and blank lines`() {
        #expect(
            Tensor.zeros([2, 2, 2]).description == """
                [[[0. 0.]
                  [0. 0.]]

                 [[0. 0.]
                  [0. 0.]]]
                """)
        #expect(
            Tensor([[1, 2], [3, 4.5]]).debugDescription == """
                Tensor([[1. , 2. ],
                        [3. , 4.5]], shape: [2, 2], dtype: float32)
                """)
    }

    @Test func `long rows go on in further lines`() throws {
        #expect(
            (try Tensor.arange(30) * 1.5).description == """
                [ 0.   1.5  3.   4.5  6.   7.5  9.  10.5 12.  13.5 15.  16.5 18.  19.5
                 21.  22.5 24.  25.5 27.  28.5 30.  31.5 33.  34.5 36.  37.5 39.  40.5
                 42.  43.5]
                """)
    }

    @Test func `of many elements the ends are shown`() throws {
        #expect(
            (try Tensor.arange(1001) * 1.0).description
                == "[   0.    1.    2. ...  998.  999. 1000.]")
        let lines = try Tensor.arange(2000).reshaped([20, 10, 10]).description
            .split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 6 * 7 + 5 + 1 + 1)
        #expect(lines[0] == "[[[   0    1    2 ...    7    8    9]")
        #expect(lines[3] == "  ...")
        #expect(lines[24] == " ...")
        #expect(lines.last == "  [1990 1991 1992 ... 1997 1998 1999]]]")
    }
}
