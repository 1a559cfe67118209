import Strata
import Testing

/// The tables are those that Keras 3.15.1 prints for the same models (`model.summary()`), but that shapes are
/// written as everywhere here: `[?, 10]` for `(None, 10)`.
@Suite struct `Summaries` {
    @Test func `a chain of layers is a table of three columns`() throws {
        let model = try Sequential(name: "sequential") {
            Input(shape: [28, 28, 1])
            Conv2D(32, kernelSize: 3, activation: .relu, name: "conv2d")
            BatchNormalization(name: "batch_normalization")
            MaxPooling2D(2, name: "max_pooling2d")
            Flatten(name: "flatten")
            Dense(10, activation: .softmax, name: "dense")
        }
        #expect(
            model.summary() == """
                Model: "sequential"
                ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
                ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
                ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
                │ conv2d (Conv2D)                 │ [?, 26, 26, 32]        │           320 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ batch_normalization             │ [?, 26, 26, 32]        │           128 │
                │ (BatchNormalization)            │                        │               │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ max_pooling2d (MaxPooling2D)    │ [?, 13, 13, 32]        │             0 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ flatten (Flatten)               │ [?, 5408]              │             0 │
                ├─────────────────────────────────┼────────────────────────┼───────────────┤
                │ dense (Dense)                   │ [?, 10]                │        54,090 │
                └─────────────────────────────────┴────────────────────────┴───────────────┘
                 Total params: 54,538 (213.04 KB)
                 Trainable params: 54,474 (212.79 KB)
                 Non-trainable params: 64 (256.00 B)
                """)
    }

    @Test func `a line has at least 40 columns and at most 10000`() throws {
        let model = try Sequential {
            Input(shape: [2])
            Dense(1)
        }
        #expect(model.summary(lineLength: .max) == model.summary(lineLength: 10_000))
        #expect(model.summary(lineLength: .min) == model.summary(lineLength: 40))
    }

    @Test func `branches are shown with what they hang on, and the optimizer's variables counted`()
        throws
    {
        let input = Input(shape: [8, 8, 3], name: "image")
        let left = Conv2D(4, kernelSize: 3, padding: .same, name: "left")(input)
        let right = Conv2D(4, kernelSize: 1, name: "a_layer_with_a_rather_long_name")(input)
        let sum = Add(name: "add")([left, right])
        let pooled = GlobalAveragePooling2D(name: "global_average_pooling2d")(sum)
        let model = try Model(
            inputs: input, outputs: Dense(2, name: "dense_1")(pooled), name: "functional_1")
        try model.compile(optimizer: Adam(), loss: .meanSquaredError)
        try model.trainOnBatch(
            Tensor(repeating: 0, shape: [4, 8, 8, 3]), Tensor(repeating: 0, shape: [4, 2]))
        #expect(
            model.summary() == """
                Model: "functional_1"
                ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┓
                ┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to      ┃
                ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━┩
                │ image (InputLayer)  │ [?, 8, 8, 3]      │          0 │ -                 │
                ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
                │ left (Conv2D)       │ [?, 8, 8, 4]      │        112 │ image[0][0]       │
                ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
                │ a_layer_with_a_rat… │ [?, 8, 8, 4]      │         16 │ image[0][0]       │
                │ (Conv2D)            │                   │            │                   │
                ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
                │ add (Add)           │ [?, 8, 8, 4]      │          0 │ left[0][0],       │
                │                     │                   │            │ a_layer_with_a_r… │
                ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
                │ global_average_poo… │ [?, 4]            │          0 │ add[0][0]         │
                │ (GlobalAveragePool… │                   │            │                   │
                ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
                │ dense_1 (Dense)     │ [?, 2]            │         10 │ global_average_p… │
                └─────────────────────┴───────────────────┴────────────┴───────────────────┘
                 Total params: 416 (1.62 KB)
                 Trainable params: 138 (552.00 B)
                 Non-trainable params: 0 (0.00 B)
                 Optimizer params: 278 (1.09 KB)
                """)
    }

    @Test func `layers of models inside stand below them, with whether they are trained`() throws {
        let inner = try Sequential(name: "inner") {
            Input(shape: [4])
            Dense(3, name: "a")
            BatchNormalization(name: "n")
        }
        inner.getLayer("a")?.isTrainable = false
        let model = try Sequential(name: "net") {
            Input(shape: [4])
            inner
            Dropout(0.1, name: "drop")
            Dense(2, name: "last")
        }
        // What Keras prints with line_length=80.
        #expect(
            model.summary(lineLength: 80, expandNested: true, showTrainable: true) == """
                Model: "net"
                ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━┓
                ┃ Layer (type)                  ┃ Output Shape           ┃     Param # ┃ Trai… ┃
                ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━┩
                │ inner (Sequential)            │ [?, 3]                 │          27 │   Y   │
                ├───────────────────────────────┼────────────────────────┼─────────────┼───────┤
                │    └ a (Dense)                │ [?, 3]                 │          15 │   N   │
                ├───────────────────────────────┼────────────────────────┼─────────────┼───────┤
                │    └ n (BatchNormalization)   │ [?, 3]                 │          12 │   Y   │
                ├───────────────────────────────┼────────────────────────┼─────────────┼───────┤
                │ drop (Dropout)                │ [?, 3]                 │           0 │   -   │
                ├───────────────────────────────┼────────────────────────┼─────────────┼───────┤
                │ last (Dense)                  │ [?, 2]                 │           8 │   Y   │
                └───────────────────────────────┴────────────────────────┴─────────────┴───────┘
                 Total params: 35 (140.00 B)
                 Trainable params: 14 (56.00 B)
                 Non-trainable params: 21 (84.00 B)
                """)
        #expect(
            model.summary(lineLength: 80, layerRange: ("drop", "last")) == """
                Model: "net"
                ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
                ┃ Layer (type)                      ┃ Output Shape             ┃       Param # ┃
                ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
                │ drop (Dropout)                    │ [?, 3]                   │             0 │
                ├───────────────────────────────────┼──────────────────────────┼───────────────┤
                │ last (Dense)                      │ [?, 2]                   │             8 │
                └───────────────────────────────────┴──────────────────────────┴───────────────┘
                 Total params: 35 (140.00 B)
                 Trainable params: 14 (56.00 B)
                 Non-trainable params: 21 (84.00 B)
                """)
    }

    @Test func `a table of branches shows models inside without their connections`() throws {
        let x = Input(shape: [4], name: "x")
        let inner = try Model(
            inputs: x, outputs: Add(name: "s")([Dense(3, name: "a")(x), Dense(3, name: "b")(x)]),
            name: "f")
        let z = Input(shape: [4], name: "z")
        let model = try Model(
            inputs: z, outputs: Add(name: "t")([inner(z), Dense(3, name: "q")(z)]), name: "g")
        // What Keras prints with line_length=80.
        #expect(
            model.summary(lineLength: 80, expandNested: true) == """
                Model: "g"
                ┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
                ┃ Layer (type)          ┃ Output Shape      ┃     Param # ┃ Connected to       ┃
                ┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
                │ z (InputLayer)        │ [?, 4]            │           0 │ -                  │
                ├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
                │ f (Functional)        │ [?, 3]            │          30 │ z[0][0]            │
                ├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
                │    └ x (InputLayer)   │ [?, 4]            │           0 │ -                  │
                ├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
                │    └ a (Dense)        │ [?, 3]            │          15 │ -                  │
                ├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
                │    └ b (Dense)        │ [?, 3]            │          15 │ -                  │
                ├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
                │    └ s (Add)          │ [?, 3]            │           0 │ -                  │
                ├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
                │ q (Dense)             │ [?, 3]            │          15 │ z[0][0]            │
                ├───────────────────────┼───────────────────┼─────────────┼────────────────────┤
                │ t (Add)               │ [?, 3]            │           0 │ f[0][0], q[0][0]   │
                └───────────────────────┴───────────────────┴─────────────┴────────────────────┘
                 Total params: 45 (180.00 B)
                 Trainable params: 45 (180.00 B)
                 Non-trainable params: 0 (0.00 B)
                """)
    }
}
