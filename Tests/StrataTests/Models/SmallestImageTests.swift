import Strata
import Testing

/// What an error says of the least size of an image is meant for all that was written.
@Suite struct `The smallest image` {
    private func fix(_ make: () throws -> Model) -> String {
        do {
            _ = try make()
            return "no error"
        } catch {
            return "\(error)".split(separator: "\n").last.map(String.init) ?? ""
        }
    }

    private func expected(_ size: String) -> String {
        "  fix: use padding: .same, fewer pools or smaller strides, or an input of at least \(size)"
    }

    private func halvedFourTimes(_ input: Shape) throws -> Model {
        try Sequential {
            Input(shape: input)
            for filters in [8, 16, 32, 64] {
                Conv2D(filters, kernelSize: 3, padding: .same)
                MaxPooling2D(2)
            }
            Flatten()
            Dense(10)
        }
    }

    @Test func `is that of a whole sequence, not of its first layers`() throws {
        #expect(fix { try halvedFourTimes([2, 2, 1]) } == expected("16×16"))
        #expect(fix { try halvedFourTimes([15, 15, 1]) } == expected("16×16"))
        _ = try halvedFourTimes([16, 16, 1])
    }

    private func strided(_ size: Int) throws -> Model {
        let input = Input(shape: [size, size, 1])
        var x = input
        for filters in [32, 64, 128, 256] {
            x = Conv2D(filters, kernelSize: 3, strides: 2, activation: .relu)(x)
        }
        x = Dense(10)(Dropout(0.2)(Flatten()(x)))
        return try Model(input, x)
    }

    @Test func `is that of convolutions in steps of 2, called one by one`() throws {
        #expect(fix { try strided(5) } == expected("31×31"))
        #expect(fix { try strided(30) } == expected("31×31"))
        _ = try strided(31)
    }

    @Test func `follows branches that are added`() {
        let text = fix {
            let input = Input(shape: [2, 2, 1])
            let left = MaxPooling2D(4)(input)
            let right = MaxPooling2D(4)(input)
            let sum = Add()([left, right])
            return try Model(input, MaxPooling2D(2)(sum))
        }
        #expect(text == expected("8×8"))
    }

    @Test func `is told for each axis`() {
        let text = fix {
            try Sequential {
                Input(shape: [2, 2, 1])
                Conv2D(4, kernelSize: (5, 3))
                MaxPooling2D((1, 2))
            }
        }
        #expect(text == expected("5×4"))
    }

    @Test func `knows nothing of layers that are added one by one later`() throws {
        let model = Sequential()
        try model.add(Input(shape: [2, 2, 1]))
        let text = fix {
            try model.add(MaxPooling2D(4))
            return model
        }
        #expect(text == expected("4×4"))
    }

    @Test func `does not change the layers that it tries`() {
        let later = Conv2D(4, kernelSize: 3)
        _ = fix {
            try Sequential {
                Input(shape: [2, 2, 1])
                MaxPooling2D(4)
                later
            }
        }
        #expect(later.weights.isEmpty)
        #expect(later(Input(shape: [9, 9, 5])).shape == [nil, 7, 7, 4])
    }

    @Test func `is no question for rows of images of any size: global pooling is the cure`() {
        let text = fix {
            try Sequential {
                Input(shape: [nil, nil, 3])
                Conv2D(4, kernelSize: 3)
                Flatten()
                Dense(10)
            }
        }
        #expect(
            text == """
                  fix: use GlobalAveragePooling2D() instead of Flatten(): it gives as many values for \
                images of any size; or give the size in Input(shape:)
                """)
    }
}
