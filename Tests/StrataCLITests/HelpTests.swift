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
                  0  success                       71  no process or server can be started
                  64 invalid arguments             73  a file or folder cannot be written
                  65 an invalid file or data       74  standard output cannot be written
                  66 a file or data set is         130 stopped by Ctrl-C, 143 by SIGTERM,
                     missing or unreadable             129 by SIGHUP; train saves the model
                                                       before, search can be continued;
                                                       serve ends with 0

                USAGE: strata <subcommand>

                OPTIONS:
                  --version               Show the version.
                  -h, --help              Show help information.

                SUBCOMMANDS:
                  train                   Train a model on a data set and save it.
                  search                  Search for the network and the hyperparameters that
                                          learn a data set best.
                  evaluate                Evaluate a model on the test images of a data set.
                  predict                 Classify images with a model.
                  summary                 Show a model's layers, shapes and parameter counts.
                  look                    Draw filters, feature maps and evidence for an image.
                  runs                    List and compare training runs.
                  datasets                List the data sets and their state in the cache.
                  plan                    Show the plan of a step: its calls, layouts and
                                          memory.
                  convert                 Convert a model to another format.
                  benchmark               Measure training or prediction on synthetic data in
                                          memory.
                  serve                   Serve models over HTTP and gRPC, with a page to look
                                          inside.
                  doctor                  Show what this machine has, what of it is used, and
                                          what would be faster.

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

                The last tenth of the training images is held out for validation, and the
                weights of the epoch with the best validation accuracy are saved. Ctrl-C ends
                training early and saves them too. Settings, metrics, curves and predictions
                are written to a run folder; strata runs compares runs. The state is saved
                there after every epoch: --resume goes on with a run that was stopped or
                killed, to the same model.

                A folder has a subfolder of PNG and JPEG images for each class. A fifth is held
                out for validation, unless there are the folders train and val with the class
                folders in them. The class names are saved with the model.

                Without a data set it trains on Fashion-MNIST, or on Shapes, which needs no
                network, if that can neither be found nor downloaded.

                In a build with MPI, the processes that mpirun starts train one model together,
                each on its share of every batch; the first one saves and prints.

                EXAMPLES
                  strata train
                  strata train fashion-mnist --epochs 15 --output fashion.keras
                  strata train cifar10 --model vgg --augment --epochs 30
                  strata train fashion-mnist --model fashion.keras --learning-rate 0.0001
                  strata train photos
                  strata train --resume runs/0001-photos-photo
                  mpirun -np 2 strata train fashion-mnist

                USAGE: strata train [<dataset>] [--model <network>] [--augment] [--epochs <epochs>] [--batch-size <batch-size>] [--learning-rate <learning-rate>] [--seed <seed>] [--threads <threads>] [--debug-numerics] [--output <output>] [--runs <runs>] [--resume <run>]

                ARGUMENTS:
                  <dataset>               A data set (see strata datasets), or a folder of
                                          class folders. (values: fashion-mnist, mnist,
                                          cifar10, cifar100, shapes)

                OPTIONS:
                  --model <network>       strided, lenet5, vgg or photo for a new network, or a
                                          .keras file to train further. (default: strided, for
                                          a folder photo)
                  --augment               Augment a data set's images by random flips and
                                          translations, for a new network; not for digits,
                                          which change their meaning when flipped. A folder's
                                          images are always augmented.
                  --epochs <epochs>       The number of epochs. (default: 15, more for a small
                                          folder)
                  --batch-size <batch-size>
                                          Images in a step. (default: 128, for a folder 16)
                  --learning-rate <learning-rate>
                                          Adam's learning rate. (default: 0.001, or that of the
                                          file)
                  --seed <seed>           The random seed; the same seed gives the same model.
                  --threads <threads>     The number of threads. (default: the available cores)
                  --debug-numerics        End training at the first value that is NaN or
                                          infinite, and name the layer.
                  --output <output>       The file for the model; an existing one is replaced.
                                          (default: model.keras)
                  --runs <runs>           The parent of the run folder. (default: runs)
                  --resume <run>          Go on with a run that was stopped or killed, by its
                                          folder, with all its settings.
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }

    @Test func `the help of search`() throws {
        let outcome = try Workplace().strata("search", "--help")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output == """
                OVERVIEW: Search for the network and the hyperparameters that learn a data set
                best.

                Each trial draws a network from a space of CNNs (blocks of convolutions with
                pooling or strides, filters, kernel sizes, dropout, batch normalization, dense
                layers) and how to train it (optimizer, learning rate, schedule, batch size,
                augmentation). The last tenth of the training images compares them; of a folder
                it is a fifth, or its folder val. The test images are looked at once, at the
                end, with the best model.

                Hyperband trains many networks for a few epochs and the best of them for
                longer; what it tries next follows from what was good before (TPE). Without
                --trials, --total-epochs or --time it ends after one pass, random and tpe after
                10 trials, grid after all combinations.

                Everything is in the folder: a search that was stopped or killed goes on when
                the same command is given again, and a larger budget continues one that is
                over. Further processes may join with the same command, also from other
                machines that share the folder.

                A file for --space replaces hyperparameters, by name; a plain value fixes one:
                  {"kernel_size": {"type": "choice", "values": [3, 5]},
                   "filters": {"type": "int", "min_value": 16, "max_value": 64, "step": 16},
                   "learning_rate": {"type": "float", "min_value": 1e-4, "max_value": 1e-2,
                                     "sampling": "log"},
                   "optimizer": "adam"}

                EXAMPLES
                  strata search fashion-mnist --time 20m
                  strata search cifar10 --trials 30 --epochs 20 --output cifar.keras
                  strata search photos --algorithm random --time 1h30m

                USAGE: strata search [<options>] <dataset>

                ARGUMENTS:
                  <dataset>               A data set (see strata datasets), or a folder of
                                          class folders. (values: fashion-mnist, mnist,
                                          cifar10, cifar100, shapes)

                OPTIONS:
                  --algorithm <algorithm> random, grid, tpe or hyperband. (default: hyperband)
                  --trials <trials>       The largest number of trials.
                  --total-epochs <total-epochs>
                                          The largest number of epochs of all trials together.
                  --time <time>           The longest time: 90s, 20m, 1h30m.
                  --epochs <epochs>       The largest number of epochs of a trial. (default: 15)
                  --objective <objective> The quantity to improve: val_accuracy, val_loss.
                                          (default: val_accuracy)
                  --space <space>         A JSON file with hyperparameters that replace those
                                          of the same name.
                  --seed <seed>           The random seed; the same seed gives the same search.
                                          (default: a random one)
                  --folder <folder>       The folder of the search. (default: search)
                  --workers <workers>     The number of processes, which share the threads.
                                          (default: 1)
                  --threads <threads>     The number of threads. (default: the available cores)
                  --output <output>       The file for the best model; an existing one is
                                          replaced. (default: model.keras)
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
                OVERVIEW: Evaluate a model on the test images of a data set.

                The loss is the mean crossentropy of the target class, or the loss that the
                model was compiled with.

                A folder has a subfolder of PNG and JPEG images for each class, with the names
                of the model's classes. If it has the folders train and val, val is used.

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
                OVERVIEW: Classify images with a model.

                An image is a PNG or JPEG file, or a test image of a data set, as in
                fashion-mnist:0. It is converted to the size and channels of the model's input,
                with values from 0 to 255, as for strata train.

                Models from strata train contain the names of their classes; for others use
                --classes, otherwise class indices are shown.

                EXAMPLES
                  strata predict fashion.keras fashion-mnist:0 fashion-mnist:1 --show
                  strata predict fashion.keras boot.png --classes fashion-mnist
                  strata predict pets.keras cat.jpg dog.jpg --classes cat,dog --json

                USAGE: strata predict <model> <picture> ... [--classes <classes>] [--show] [--json]

                ARGUMENTS:
                  <model>                 A .keras file.
                  <picture>               Files, or test images as in mnist:0.

                OPTIONS:
                  --classes <classes>     The class names: a data set, or names as in cat,dog.
                  --show                  Show the images in the terminal.
                  --json                  Print one line of JSON for each image.
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
                OVERVIEW: Show a model's layers, shapes and parameter counts.

                EXAMPLES
                  strata summary fashion.keras
                  strata summary fashion.keras --plot model.png

                USAGE: strata summary <model> [--plot <plot>]

                ARGUMENTS:
                  <model>                 A .keras file.

                OPTIONS:
                  --plot <plot>           Draw the layers and their connections to a .png, .svg
                                          or .dot file.
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
                OVERVIEW: List the data sets and their state in the cache.

                A set is downloaded on first use, to Keras's cache: $KERAS_HOME/datasets, or
                ~/.keras/datasets.

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
                OVERVIEW: Show the plan of a step: its calls, layouts and memory.

                EXAMPLES
                  strata plan fashion.keras
                  strata plan fashion.keras --mode train --batch 128

                USAGE: strata plan <model> [--mode <mode>] [--batch <batch>]

                ARGUMENTS:
                  <model>                 A .keras file.

                OPTIONS:
                  --mode <mode>           The kind of step: predict or train. (default: predict)
                  --batch <batch>         Images in a step. (default: 1)
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

                A training step is the whole step: forward pass with dropout and batch
                statistics, loss, backward pass, and Adam's update. fit runs such steps on
                shuffled samples, with the accuracy. Five windows are measured after a warm-up;
                the median and the best are shown.

                Under mpirun, the ranks share each batch as in training.

                EXAMPLES
                  strata benchmark fashion --mode train --batch 128
                  strata benchmark resnet50 --mode predict --batch 1 --threads 2 --json
                  strata benchmark vgg --profile

                USAGE: strata benchmark <workload> [--mode <mode>] [--batch <batch>] [--seconds <seconds>] [--threads <threads>] [--precision <precision>] [--json] [--profile]

                ARGUMENTS:
                  <workload>              The model: fashion, cifar, vgg, lenet or resnet50.

                OPTIONS:
                  --mode <mode>           The task: train, predict or fit. (default: train)
                  --batch <batch>         Images in a step. (default: 128)
                  --seconds <seconds>     The approximate duration in seconds. (default: 4)
                  --threads <threads>     The number of threads. (default: the available cores)
                  --precision <precision> float32 or mixed_bfloat16. (default: float32)
                  --json                  Print one line of JSON.
                  --profile               Print the time of each part of a step instead.
                  --version               Show the version.
                  -h, --help              Show help information.


                """)
    }
}
