"""TensorFlow's SavedModel, which the backend does not write."""


class StrataExportArchive:
    """The backend's part of `keras.export.ExportArchive`."""

    def __init__(self) -> None:
        raise NotImplementedError(
            "The Strata backend does not write TensorFlow's SavedModel. Save the model as a "
            "`.keras` file, which every backend opens, or export it with "
            '`model.export("model.onnx", format="onnx")`.'
        )
