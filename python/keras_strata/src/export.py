"""TensorFlow's SavedModel, which the backend does not write."""


class StrataExportArchive:
    """The backend's part of `keras.export.ExportArchive`."""

    def __init__(self) -> None:
        raise NotImplementedError(
            "`export_saved_model` only currently supports the tensorflow, jax and torch backends. "
            "Strata writes no SavedModel: save a `.keras` file, which every backend opens, or "
            'export it with `model.export("model.onnx", format="onnx")`.'
        )
