"""Functions of elements or small arrays as functions of larger ones."""

from collections.abc import Callable

from keras.src.backend.common.backend_utils import vectorize_impl

from keras_strata.src.ops.numpy.joining import stack


def vectorize(pyfunc, *, excluded=None, signature=None):
    """A function that applies another one along the axes that arguments have in addition."""
    return vectorize_impl(pyfunc, _mapped, excluded=excluded, signature=signature)


def _mapped(function: Callable, in_axes: tuple[int | None, ...]) -> Callable:
    """A function applied to each slice of the first axes that `in_axes` names by 0."""

    def mapped(*arguments):
        size = next(
            x.shape[0] for x, axis in zip(arguments, in_axes, strict=True) if axis is not None
        )
        results = [
            function(
                *(
                    x if axis is None else x[index]
                    for x, axis in zip(arguments, in_axes, strict=True)
                )
            )
            for index in range(size)
        ]
        if isinstance(results[0], (tuple, list)):
            return tuple(stack(parts) for parts in zip(*results, strict=True))
        return stack(results)

    return mapped
