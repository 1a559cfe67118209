import Foundation
import Strata
import Testing

/// A lecture on convolutional networks as its notes have it, in Python with Keras, line by line beside Swift.
///
/// The pictures are small and few: what is tested is that the lines compile, run, and give the shapes and
/// parameters that Keras gives.
@Suite struct `The lesson` {
    private static let classNames = (0..<10).map { "class \($0)" }

    /// Pictures with a bright row whose place is the class.
    private func pictures(_ count: Int, _ shape: [Int]) -> (x: Tensor, y: Tensor) {
        let row = shape.dropFirst().reduce(1, *)
        var x: [Float] = []
        for sample in 0..<count {
            let bright = sample % 10 + 1
            x += (0..<shape[0] * row).map { $0 / row == bright ? 1 : 0 }
        }
        let y = (0..<count).map { Int32($0 % 10) }
        return (Tensor(x, shape: [count] + shape), Tensor(y))
    }

    @Test func `Fashion-MNIST, functional`() throws {
        let (xTrain, yTrain) = pictures(40, [28, 28, 1])
        let (xTest, yTest) = pictures(20, [28, 28, 1])

        // i = Input(shape=x_train[0].shape)
        let i = Input(shape: xTrain[0].shape)
        // x = Conv2D(32, (3, 3), strides=2, activation='relu')(i)
        var x = Conv2D(4, (3, 3), strides: 2, activation: .relu)(i)
        // x = Conv2D(64, (3, 3), strides=2, activation='relu')(x)
        x = Conv2D(8, (3, 3), strides: 2, activation: .relu)(x)
        // x = Conv2D(128, (3, 3), strides=2, activation='relu')(x)
        x = Conv2D(16, (3, 3), strides: 2, activation: .relu)(x)
        // x = Flatten()(x)
        x = Flatten()(x)
        // x = Dropout(0.2)(x)
        x = Dropout(0.2)(x)
        // x = Dense(512, activation='relu')(x)
        x = Dense(32, activation: .relu)(x)
        // x = Dropout(0.2)(x)
        x = Dropout(0.2)(x)
        // x = Dense(10, activation='softmax')(x)
        x = Dense(10, activation: .softmax)(x)
        // model = Model(i, x)
        let model = try Model(i, x)

        // model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
        try model.compile(
            optimizer: .adam, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
        // r = model.fit(x_train, y_train, validation_data=(x_test, y_test), epochs=2)
        let r = try model.fit(
            xTrain, yTrain, epochs: 2, verbose: .silent, validationData: (xTest, yTest))

        // plt.plot(r.history['loss'], label='loss'); plt.plot(r.history['val_loss'], label='val_loss')
        #expect(r["loss"].count == 2 && r["val_loss"].count == 2)
        // plt.plot(r.history['accuracy'], label='acc')
        #expect(r["accuracy"].count == 2 && r["val_accuracy"].count == 2)

        // p_test = model.predict(x_test).argmax(axis=1)
        let predictions = try model.predict(xTest)
        #expect(predictions.shape == [20, 10])
        let pTest = try predictions.argMax(axis: 1)
        // cm = confusion_matrix(y_test, p_test)
        let matrix = try ConfusionMatrix(
            labels: [Int](yTest), predictions: [Int](pTest), classNames: Self.classNames)
        #expect(matrix.total == 20)
        // misclassified_idx = np.where(p_test != y_test)[0]
        let misclassified = [Int]((pTest .!= yTest).nonzero()[0])
        let correct: [Int] = (0..<10).map { matrix.counts[$0][$0] }
        let correctCount: Int = correct.reduce(0, +)
        #expect(misclassified.count + correctCount == 20)
        // plt.title("True label: %s Predicted: %s" % (labels[y_test[i]], labels[p_test[i]]))
        for i in misclassified {
            let (label, prediction) = (Int(yTest[i]), Int(pTest[i]))
            _ =
                "True label: \(Self.classNames[label]) Predicted: \(Self.classNames[prediction])"
        }

        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "f.keras").path
        // model.save("f.keras")
        try model.save(to: path)
        // model = keras.models.load_model("f.keras")
        let loaded = try Model.load(from: path)
        #expect(try loaded.predict(xTest) == predictions)
    }

    @Test func `the first network has as many parameters as in Keras`() throws {
        // 320 + 18,496 + 73,856 + (2 · 2 · 128 · 512 + 512) + (512 · 10 + 10)
        let i = Input(shape: (28, 28, 1))
        var x = i
        for filters in [32, 64, 128] {
            x = Conv2D(filters, (3, 3), strides: 2, activation: .relu)(x)
        }
        x = Dropout(0.2)(Flatten()(x))
        x = Dropout(0.2)(Dense(512, activation: .relu)(x))
        #expect(try Model(i, Dense(10, activation: .softmax)(x)).countParams() == 360_458)
    }

    @Test func `CIFAR-10, VGG-like with batch normalization and augmentation`() throws {
        let (xTrain, yTrain) = pictures(8, [16, 16, 3])
        // i = Input(shape=x_train[0].shape)
        let i = Input(shape: xTrain[0].shape)
        // x = RandomFlip('horizontal')(i); x = RandomTranslation(0.1, 0.1)(x)
        var x = RandomTranslation(0.1, 0.1)(RandomFlip(.horizontal)(i))
        for filters in [4, 8] {
            // x = Conv2D(32, (3, 3), activation='relu', padding='same')(x)
            x = Conv2D(filters, (3, 3), padding: .same, activation: .relu)(x)
            // x = BatchNormalization()(x)
            x = BatchNormalization()(x)
            // x = Conv2D(32, (3, 3), activation='relu', padding='same')(x)
            x = Conv2D(filters, (3, 3), padding: .same, activation: .relu)(x)
            // x = BatchNormalization()(x)
            x = BatchNormalization()(x)
            // x = MaxPooling2D((2, 2))(x)
            x = MaxPooling2D((2, 2))(x)
        }
        x = Dropout(0.2)(Flatten()(x))
        x = Dense(10, activation: .softmax)(x)
        let model = try Model(i, x)
        try model.compile(
            optimizer: .adam, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
        let r = try model.fit(xTrain, yTrain, epochs: 1, verbose: .silent)
        #expect(r["loss"].first?.isFinite == true)
    }

    @Test func `images of any size, by global pooling`() throws {
        // model = Sequential([Input(shape=(None, None, 3)), Conv2D(8, 3), GlobalAveragePooling2D(), Dense(10)])
        let model = try Sequential {
            Input(shape: (nil, nil, 3))
            Conv2D(8, 3, activation: .relu)
            GlobalAveragePooling2D()
            Dense(10, activation: .softmax)
        }
        for size in [8, 11] {
            #expect(try model.predict(pictures(2, [size, size, 3]).x).shape == [2, 10])
        }
    }

    @Test func `sequences and volumes`() throws {
        // Conv1D(32, 3, activation='relu'), MaxPooling1D(2), GlobalMaxPooling1D()
        let sequence = Input(shape: (20, 4))
        let pooled = GlobalMaxPooling1D()(
            MaxPooling1D(2)(Conv1D(32, 3, activation: .relu)(sequence)))
        #expect(try Model(sequence, Dense(1)(pooled)).outputShapes == [[nil, 1]])
        // Conv3D(8, (3, 3, 3)), MaxPooling3D((2, 2, 2))
        let volume = Input(shape: (8, 8, 8, 1))
        let half = MaxPooling3D((2, 2, 2))(Conv3D(8, (3, 3, 3))(volume))
        #expect(half.shape == [nil, 3, 3, 3, 8])
    }

    @Test func `loops over hyperparameters`() throws {
        let (x, y) = pictures(10, [12, 12, 1])
        for kernelSize in [3, 5, 7] {
            for (filters, rate, learningRate) in [(2, 0.1, 1e-3), (4, 0.2, 1e-2)] {
                // Conv2D(filters, kernel_size, padding='same'), MaxPooling2D(2), Dropout(rate)
                let model = try Sequential {
                    Input(shape: x[0].shape)
                    Conv2D(filters, kernelSize: kernelSize, padding: .same, activation: .relu)
                    MaxPooling2D(poolSize: 2)
                    Flatten()
                    Dropout(rate)
                    Dense(10, activation: .softmax)
                }
                // model.compile(optimizer=Adam(learning_rate=lr), loss=...)
                try model.compile(
                    optimizer: Adam(learningRate: learningRate),
                    loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
                #expect(try model.fit(x, y, epochs: 1, verbose: .silent)["loss"].count == 1)
            }
        }
    }
}
