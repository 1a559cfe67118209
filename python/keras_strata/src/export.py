"""Export of models by the backend."""


class StrataExportArchive:
    """The backend's part of `keras.export.ExportArchive`, which writes TensorFlow's SavedModel."""

    def track(self, resource):
        raise NotImplementedError(
            "The Strata backend does not write TensorFlow's SavedModel. Save the model as a "
            "`.keras` file, which every backend opens, or export it with `format='onnx'`."
        )

    def add_endpoint(self, name, fn, input_signature=None, **kwargs):
        self.track(None)
