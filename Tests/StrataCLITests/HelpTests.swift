import Testing

/// The help texts, whole: what a user reads first.
@Suite struct HelpTests {
    @Test func `the help of the program`() throws {
        let outcome = try Workplace().strata("--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Train, evaluate and use convolutional neural networks.

                EXAMPLES
                  strata train fashion-mnist --epochs 5 --output fashion.keras
                  strata evaluate fashion.keras fashion-mnist
                  strata predict fashion.keras boot.png --classes fashion-mnist

                EXIT CODES
                  0  done                          73  a file or folder cannot be written
                  64 wrong arguments               74  standard output cannot be written
                  65 a file or data is not right   130 stopped by Ctrl-C, 143 by SIGTERM,
                  66 a file or data set is not         129 by SIGHUP; train saves the model
                     there, or cannot be read          before

                USAGE: strata <subcommand>

                OPTIONS:
                  --version               Show the version.
                  -h, --help              Show help information.

                SUBCOMMANDS:
                  train                   Train a model on a data set and save it.
                  evaluate                Measure a model on the test pictures of a data set.
                  predict                 Tell what pictures show, in a model's opinion.
                  summary                 Show a model's layers, shapes and numbers of weights.
                  look                    Draw what the layers of a model see in a picture.
                  runs                    List and compare training runs.
                  datasets                List the data sets, and which of them are on this
                                          machine.
                  plan                    Show what the engine does in a step: its calls,
                                          layouts and memory.
                  convert                 Write a model in another format.
                  benchmark               Measure training or prediction on synthetic data in
                                          memory.

                  See 'strata help <subcommand>' for detailed help.

                """)
    }

    @Test func `the help of train`() throws {
        let outcome = try Workplace().strata("train", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Train a model on a data set and save it.

                The last tenth of the training pictures is kept for validation, and the weights
                of the epoch with the best validation accuracy are saved. Ctrl-C ends training
                early and saves them too. Settings, metrics, curves and what was mistaken for
                what go into a folder of runs; strata runs compares them.

                A folder holds a folder of PNG and JPEG pictures for each class; a fifth is
                kept for validation, unless there are the folders train and val with the class
                folders in them. The names of the classes are saved with the model.

                Without a data set it trains on Fashion-MNIST, or where that can neither be
                found nor downloaded, on Shapes, which needs no network.

                EXAMPLES
                  strata train
                  strata train fashion-mnist --epochs 15 --output fashion.keras
                  strata train cifar10 --model vgg --augment --epochs 30
                  strata train fashion-mnist --model fashion.keras --learning-rate 0.0001
                  strata train photos

                USAGE: strata train [<dataset>] [--model <network>] [--augment] [--epochs <epochs>] [--batch-size <batch-size>] [--learning-rate <learning-rate>] [--seed <seed>] [--threads <threads>] [--output <output>] [--runs <runs>]

                ARGUMENTS:
                  <dataset>               A data set, see strata datasets; or a folder of class
                                          folders. (values: fashion-mnist, mnist, cifar10,
                                          cifar100, shapes)

                OPTIONS:
                  --model <network>       strided, lenet5, vgg or photo for a new network, or a
                                          .keras file to go on with. (default: strided, for a
                                          folder photo)
                  --augment               Mirror and move a data set's pictures at random, so
                                          that a new network learns from more than there are;
                                          not for digits, which mean something else in a
                                          mirror. A folder's are changed anyway.
                  --epochs <epochs>       How often all pictures are seen. (default: 15, for a
                                          small folder more)
                  --batch-size <batch-size>
                                          Pictures in a step. (default: 128, for a folder 16)
                  --learning-rate <learning-rate>
                                          Adam's step size. (default: 0.001, or as it was in
                                          the file)
                  --seed <seed>           Fixes everything random; the same seed gives the same
                                          model.
                  --threads <threads>     Threads; the cores that the process may use if left
                                          out.
                  --output <output>       Where the model is saved; a file that is there is
                                          replaced. (default: model.keras)
                  --runs <runs>           Where the run's own folder is made. (default: runs)
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }

    @Test func `the help of evaluate`() throws {
        let outcome = try Workplace().strata("evaluate", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Measure a model on the test pictures of a data set.

                The loss is the mean cross-entropy of the right class, or what the model was
                compiled with.

                A folder holds a folder of PNG and JPEG pictures for each class, named as the
                model's classes are; of one with the folders train and val the latter is taken.

                EXAMPLES
                  strata evaluate fashion.keras fashion-mnist
                  strata evaluate fashion.keras fashion-mnist --json
                  strata evaluate photos.keras photos/val

                USAGE: strata evaluate <model> <dataset> [--json]

                ARGUMENTS:
                  <model>                 A .keras file.
                  <dataset>               A data set, or a folder of class folders. (values:
                                          fashion-mnist, mnist, cifar10, cifar100, shapes)

                OPTIONS:
                  --json                  Print one line of JSON: loss, accuracy, images.
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }

    @Test func `the help of predict`() throws {
        let outcome = try Workplace().strata("predict", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Tell what pictures show, in a model's opinion.

                A picture is a PNG or JPEG file, or a test picture of a data set as in
                fashion-mnist:0. It is brought to the size and channels that the model takes;
                its numbers reach the model as 0 to 255, as strata train's models want them.

                Models that strata train made hold the names of their classes; of others give
                them with --classes, or numbers are shown.

                EXAMPLES
                  strata predict fashion.keras fashion-mnist:0 fashion-mnist:1 --show
                  strata predict fashion.keras boot.png --classes fashion-mnist
                  strata predict pets.keras cat.jpg dog.jpg --classes cat,dog --json

                USAGE: strata predict <model> <picture> ... [--classes <classes>] [--show] [--json]

                ARGUMENTS:
                  <model>                 A .keras file.
                  <picture>               Files, or test pictures as in mnist:0.

                OPTIONS:
                  --classes <classes>     A data set whose classes these are, or their names:
                                          cat,dog.
                  --show                  Draw the pictures in the terminal.
                  --json                  Print one line of JSON for each picture.
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }

    @Test func `the help of summary`() throws {
        let outcome = try Workplace().strata("summary", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Show a model's layers, shapes and numbers of weights.

                EXAMPLES
                  strata summary fashion.keras
                  strata summary fashion.keras --plot model.png

                USAGE: strata summary <model> [--plot <plot>]

                ARGUMENTS:
                  <model>                 A .keras file.

                OPTIONS:
                  --plot <plot>           Draw the layers and their connections into a .png,
                                          .svg or .dot file.
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }

    @Test func `the help of datasets`() throws {
        let outcome = try Workplace().strata("datasets", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: List the data sets, and which of them are on this machine.

                A set is downloaded when it is first used, into $KERAS_HOME/datasets, else
                ~/.keras/datasets, where Keras looks for it too.

                EXAMPLES
                  strata datasets
                  KERAS_HOME=/data/keras strata datasets

                USAGE: strata datasets

                OPTIONS:
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }

    @Test func `the help of plan`() throws {
        let outcome = try Workplace().strata("plan", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Show what the engine does in a step: its calls, layouts and memory.

                EXAMPLES
                  strata plan fashion.keras
                  strata plan fashion.keras --mode train --batch 128

                USAGE: strata plan <model> [--mode <mode>] [--batch <batch>]

                ARGUMENTS:
                  <model>                 A .keras file.

                OPTIONS:
                  --mode <mode>           A step of predict or train. (default: predict)
                  --batch <batch>         Pictures in a step. (default: 1)
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }

    @Test func `the help of benchmark`() throws {
        let outcome = try Workplace().strata("benchmark", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Measure training or prediction on synthetic data in memory.

                A training step is the whole step: forward with dropout and batch statistics,
                loss, backward, and Adam's update. fit does such steps on shuffled samples,
                with the accuracy. Five windows are measured after a warm-up; the median and
                the best are shown.

                EXAMPLES
                  strata benchmark fashion --mode train --batch 128
                  strata benchmark resnet50 --mode predict --batch 1 --threads 2 --json
                  strata benchmark vgg --profile

                USAGE: strata benchmark <workload> [--mode <mode>] [--batch <batch>] [--seconds <seconds>] [--threads <threads>] [--precision <precision>] [--json] [--profile]

                ARGUMENTS:
                  <workload>              Which model: fashion, cifar, vgg, lenet or resnet50.

                OPTIONS:
                  --mode <mode>           What is measured: train, predict or fit. (default:
                                          train)
                  --batch <batch>         Images in a step. (default: 128)
                  --seconds <seconds>     About how long to measure, in seconds. (default: 4)
                  --threads <threads>     Threads; the cores that the process may use if left
                                          out.
                  --precision <precision> float32 or mixed_bfloat16. (default: float32)
                  --json                  Print one line of JSON.
                  --profile               Print what each part of a step takes instead.
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }
}
