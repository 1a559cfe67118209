"""Functions of `backend.numpy` give the same traced as eager, and have the right gradients."""

import keras_strata  # isort: skip
import keras  # noqa: F401
import numpy as np
import pytest

from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast

_GENERATOR = np.random.default_rng(7)
# Values that are far from each other, so that small steps do not change their order.
_X = _GENERATOR.permutation(np.linspace(-1.7, 1.6, 24, dtype=np.float32)).reshape(2, 3, 4)
_KERNEL = _GENERATOR.normal(size=(4, 5)).astype(np.float32)
_BATCH = _GENERATOR.normal(size=(2, 4, 5)).astype(np.float32)
_SQUARES = _GENERATOR.normal(size=(2, 3, 3)).astype(np.float32)
_HOLES = np.where(_X > 0.8, np.float32(np.nan), _X)

# Differentiable functions of one tensor of shape [2, 3, 4].
_SMOOTH = {
    "sum": lambda x: ops.sum(x, (0, 2)),
    "sum of all": lambda x: ops.sum(x),
    "mean": lambda x: ops.mean(x, -1, keepdims=True),
    "max": lambda x: ops.max(x, 1),
    "max with initial": lambda x: ops.max(x, 1, initial=0.1),
    "min": lambda x: ops.min(x, (1, 2)),
    "prod": lambda x: ops.prod(x, 2),
    "var": lambda x: ops.var(x, (0, 1)),
    "std": lambda x: ops.std(x, 2, keepdims=True),
    "ptp": lambda x: ops.ptp(x, 0),
    "average": lambda x: ops.average(x, 1, np.float32([1, 2, 3])),
    "nansum": lambda x: ops.nansum(x, 1),
    "nanmean": lambda x: ops.nanmean(x, 1),
    "nanvar": lambda x: ops.nanvar(x, 1),
    "nanstd": lambda x: ops.nanstd(x, 1),
    "nanmax": lambda x: ops.nanmax(x, 1),
    "nanmin": lambda x: ops.nanmin(x, 1),
    "nanprod": lambda x: ops.nanprod(x, 1),
    "median": lambda x: ops.median(x, 2),
    "median over two axes": lambda x: ops.median(x, (0, 2), keepdims=True),
    "nanmedian": lambda x: ops.nanmedian(x, 1),
    "quantile": lambda x: ops.quantile(x, [0.1, 0.5, 0.83], 2),
    "quantile of all": lambda x: ops.quantile(x, 0.3),
    "lower quantile": lambda x: ops.quantile(x, 0.4, 1, method="lower"),
    "higher quantile": lambda x: ops.quantile(x, 0.4, 1, method="higher"),
    "nearest quantile": lambda x: ops.quantile(x, 0.4, 1, method="nearest"),
    "nanquantile": lambda x: ops.nanquantile(x, [0.2, 0.7], (1, 2)),
    "percentile": lambda x: ops.percentile(x, 30, 1),
    "cumsum": lambda x: ops.cumsum(x, 1),
    "cumsum of all": lambda x: ops.cumsum(x),
    "cumprod": lambda x: ops.cumprod(x, 2),
    "nancumsum": lambda x: ops.nancumsum(x, 0),
    "nancumprod": lambda x: ops.nancumprod(x, 1),
    "diff": lambda x: ops.diff(x, 2, axis=2),
    "trapezoid": lambda x: ops.trapezoid(x, dx=0.5, axis=1),
    "trapezoid at points": lambda x: ops.trapezoid(x, np.float32([0, 1, 3, 4])),
    "reshape": lambda x: ops.reshape(x, (-1, 6)),
    "ravel": lambda x: ops.ravel(x),
    "transpose": lambda x: ops.transpose(x),
    "transpose with axes": lambda x: ops.transpose(x, (1, 0, 2)),
    "moveaxis": lambda x: ops.moveaxis(x, 0, -1),
    "swapaxes": lambda x: ops.swapaxes(x, 0, 2),
    "expand_dims": lambda x: ops.expand_dims(x, (0, -1)),
    "squeeze": lambda x: ops.squeeze(ops.expand_dims(x, 1)),
    "broadcast_to": lambda x: ops.broadcast_to(x, (5, 2, 3, 4)),
    "flip": lambda x: ops.flip(x),
    "flip of one axis": lambda x: ops.flip(x, 1),
    "fliplr": lambda x: ops.fliplr(x),
    "flipud": lambda x: ops.flipud(x),
    "rot90": lambda x: ops.rot90(x, 1, (1, 2)),
    "rot90 back": lambda x: ops.rot90(x, -1),
    "roll": lambda x: ops.roll(x, 5),
    "roll of two axes": lambda x: ops.roll(x, (1, -2), (0, 2)),
    "concatenate": lambda x: ops.concatenate([x, x], -1),
    "append": lambda x: ops.append(x, _X),
    "stack": lambda x: ops.stack([x, ops.multiply(x, 2.0)], 1),
    "hstack": lambda x: ops.hstack([x, x]),
    "vstack": lambda x: ops.vstack([x, x]),
    "dstack": lambda x: ops.dstack([x, x]),
    "split": lambda x: ops.split(x, 2, -1)[1],
    "split at indices": lambda x: ops.split(x, [1, 2], 1)[2],
    "array_split": lambda x: ops.array_split(x, 3, 2)[0],
    "tile": lambda x: ops.tile(x, (2, 1, 3)),
    "tile with more axes": lambda x: ops.tile(x, (2, 1, 1, 2)),
    "repeat": lambda x: ops.repeat(x, 2, 1),
    "repeat by counts": lambda x: ops.repeat(x, [1, 0, 2], 1),
    "pad": lambda x: ops.pad(x, ((1, 0), (0, 2), (1, 1)), constant_values=2.0),
    "pad with a tensor": lambda x: ops.pad(x, 1, constant_values=ops.max(x)),
    "pad with different constants": lambda x: ops.pad(x, 1, constant_values=(1.0, 2.0)),
    **{
        f"pad by {mode}": lambda x, mode=mode: ops.pad(x, ((1, 0), (0, 2), (1, 1)), mode)
        for mode in (
            "edge",
            "linear_ramp",
            "maximum",
            "mean",
            "median",
            "minimum",
            "reflect",
            "symmetric",
            "wrap",
        )
    },
    "diagonal": lambda x: ops.diagonal(x, 1, 1, 2),
    "diag": lambda x: ops.diag(ops.ravel(x), -1),
    "diagflat": lambda x: ops.diagflat(x),
    "trace": lambda x: ops.trace(x, 1),
    "tril": lambda x: ops.tril(x, -1),
    "triu": lambda x: ops.triu(x, 1),
    "vander": lambda x: ops.vander(ops.ravel(x), 4),
    "matmul with a kernel": lambda x: ops.matmul(x, _KERNEL),
    "matmul of batches": lambda x: ops.matmul(x, _BATCH),
    "matmul with broadcasting": lambda x: ops.matmul(x, ops.expand_dims(_BATCH, 1)),
    "matmul with a vector": lambda x: ops.matmul(x, _KERNEL[:, 0]),
    "matmul of a vector": lambda x: ops.matmul(np.float32([1, 2, 3]), x),
    "matmul with itself": lambda x: ops.matmul(x, ops.swapaxes(x, 1, 2)),
    "dot": lambda x: ops.dot(x, _BATCH),
    "vdot": lambda x: ops.vdot(x, _X),
    "inner": lambda x: ops.inner(x, _X),
    "outer": lambda x: ops.outer(x, _KERNEL),
    "tensordot": lambda x: ops.tensordot(x, _BATCH, ([0, 2], [0, 1])),
    "kron": lambda x: ops.kron(x, _KERNEL),
    "cross": lambda x: ops.cross(ops.moveaxis(x, 1, -1), np.float32([1, 2, 3])),
    "correlate": lambda x: ops.correlate(ops.ravel(x), _KERNEL[0]),
    "correlate with a longer one": lambda x: ops.correlate(_KERNEL[0], ops.ravel(x), "same"),
    "corrcoef": lambda x: ops.corrcoef(ops.reshape(x, (3, 8))),
    "sort": lambda x: ops.sort(x, 1),
    "sort of all": lambda x: ops.sort(x, None),
    "slogdet": lambda x: ops.slogdet(ops.matmul(x, ops.swapaxes(x, 1, 2)))[1],
    **{
        f"einsum {subscripts}": lambda x, s=subscripts, others=others: ops.einsum(s, x, *others)
        for subscripts, others in {
            "abc->cab": (),
            "abc->b": (),
            "...c->c...": (),
            "abc,cd->abd": (_KERNEL,),
            "abc,acd->abd": (_BATCH,),
            "abc,acd": (_BATCH,),
            "abc,acd->d": (_BATCH,),
            "abc,ecd->abed": (_BATCH,),
            "abc,dce->bade": (_BATCH,),
            "abc,abc->ba": (_X,),
            "abc,c->abc": (_KERNEL[:, 0],),
            "abc,def->": (_BATCH,),
            "...bc,...cd->...bd": (_BATCH,),
            "...bc,cd->...bd": (_KERNEL,),
            "abc,dbb->dac": (_SQUARES,),
            "abc,acd,ce->abde": (_BATCH, _KERNEL),
            "abc,dbf,fcg->adg": (_X, _GENERATOR.normal(size=(4, 4, 2)).astype(np.float32)),
        }.items()
    },
}

# Functions whose results are whole numbers or truth values.
_DISCRETE = {
    "any": lambda x: ops.any(ops.greater(x, 0.5), 1),
    "all": lambda x: ops.all(ops.greater(x, -0.5), (0, 2), keepdims=True),
    "count_nonzero": lambda x: ops.count_nonzero(ops.greater(x, 0), 1),
    "sum of truth values": lambda x: ops.sum(ops.greater(x, 0), 1),
    "argmax": lambda x: ops.argmax(x, 1),
    "argmax of all": lambda x: ops.argmax(x, keepdims=True),
    "argmin": lambda x: ops.argmin(x, -1, keepdims=True),
    "nanargmax": lambda x: ops.nanargmax(x, 1),
    "nanargmin": lambda x: ops.nanargmin(x),
    "argsort": lambda x: ops.argsort(x, 1),
    "argpartition": lambda x: ops.argpartition(x, 2),
    "searchsorted": lambda x: ops.searchsorted(np.float32([-1, 0, 1]), x, "right"),
    "digitize": lambda x: ops.digitize(x, np.float32([-1, 0, 1])),
    "histogram": lambda x: ops.histogram(x, 5, (-2.0, 2.0)),
    "sign of slogdet": lambda x: ops.slogdet(ops.matmul(x, ops.swapaxes(x, 1, 2)))[0],
    "unique with a size": lambda x: ops.unique(ops.sign(x), size=4, return_counts=True),
    "diff of truth values": lambda x: ops.diff(ops.greater(x, 0)),
}

# Functions of whole numbers, which a float32 does not hold.
_WHOLE = {
    "sum": lambda x: ops.sum(x, 1),
    "prod": lambda x: ops.prod(x, 0),
    "max": lambda x: ops.max(x, 1),
    "min": lambda x: ops.min(x),
    "argmax": lambda x: ops.argmax(x, 1),
    "argmin": lambda x: ops.argmin(x),
    "cumsum": lambda x: ops.cumsum(x, 2),
    "cumprod": lambda x: ops.cumprod(x, 2),
    "diff": lambda x: ops.diff(x),
    "sort": lambda x: ops.sort(x),
    "transpose": lambda x: ops.transpose(x),
    "flip": lambda x: ops.flip(x, 2),
    "roll": lambda x: ops.roll(x, 1),
    "repeat": lambda x: ops.repeat(x, 2),
    "pad": lambda x: ops.pad(x, 1, constant_values=7),
    "pad by mean": lambda x: ops.pad(x, 1, "mean"),
    "concatenate": lambda x: ops.concatenate([x, x]),
    "matmul": lambda x: ops.matmul(x, ops.swapaxes(x, 1, 2)),
    "einsum": lambda x: ops.einsum("abc,abd->cd", x, x),
    "tril": lambda x: ops.tril(x),
}


def _results(result) -> list:
    return list(result) if isinstance(result, (tuple, list)) else [result]


def _assert_same(function, x):
    expected = _results(function(x))
    found = _results(keras_strata.function(function)(x))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == other.dtype
        assert one.shape == other.shape
        np.testing.assert_allclose(one.array, other.array, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", _SMOOTH)
def test_traced_is_eager(name):
    _assert_same(_SMOOTH[name], _X)


@pytest.mark.parametrize("name", _DISCRETE)
def test_traced_is_eager_for_whole_results(name):
    _assert_same(_DISCRETE[name], _X)


@pytest.mark.parametrize("name", _WHOLE)
def test_traced_is_eager_for_whole_numbers(name):
    _assert_same(_WHOLE[name], (_X * 2e7).astype(np.int32))


@pytest.mark.parametrize("name", [name for name in _SMOOTH if "nan" in name])
def test_traced_is_eager_with_nan(name):
    _assert_same(_SMOOTH[name], _HOLES)


@pytest.mark.parametrize("name", ["max", "min", "median", "quantile", "sort", "mean", "cumsum"])
def test_nan_is_not_lost(name):
    _assert_same(_SMOOTH[name], _HOLES)


@pytest.mark.parametrize("is_traced", [False, True], ids=["recorded", "traced"])
@pytest.mark.parametrize("name", _SMOOTH)
def test_gradients_are_differences(name, is_traced):
    function = _SMOOTH[name]
    generator = np.random.default_rng(11)
    weights = generator.normal(size=function(_X).shape).astype(np.float32)

    def loss(x):
        return ops.sum(ops.multiply(function(x), weights))

    compute = keras_strata.value_and_grad(loss)
    if is_traced:
        compute = keras_strata.function(compute)
    value, gradient = compute(_X)
    np.testing.assert_allclose(value.array, loss(_X).array, rtol=1e-4, atol=1e-4)
    assert gradient.shape == _X.shape
    direction = generator.normal(size=_X.shape).astype(np.float32)
    step = np.float32(2e-3)
    above, below = loss(_X + step * direction), loss(_X - step * direction)
    difference = (float(above) - float(below)) / (2 * float(step))
    slope = float(np.sum(gradient.array * direction, dtype=np.float64))
    scale = float(np.sqrt(np.sum(np.square(gradient.array)) * np.sum(np.square(direction))))
    assert slope == pytest.approx(difference, abs=5e-3 * max(scale, 1.0))


@pytest.mark.parametrize("name", ["cumprod", "prod"])
def test_products_have_gradients_at_zero(name):
    x = np.float32([[2, 0, 3, 4], [0, 5, 0, 6]])
    function = getattr(ops, name)

    def loss(x):
        return ops.sum(function(x, 1))

    _, gradient = keras_strata.value_and_grad(loss)(x)
    expected = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += 1
        below[index] -= 1
        # A product is linear in each of its factors.
        expected[index] = (float(loss(above)) - float(loss(below))) / 2
    np.testing.assert_allclose(gradient.array, expected, rtol=1e-5)


def test_a_dense_layer_is_one_step():
    bias = np.float32([1, 2, 3, 4, 5])
    dense = keras_strata.function(lambda x, k, b: ops.add(ops.matmul(x, k), b))
    dense(_X, _KERNEL, bias)
    steps = [line for line in str(dense.plans[0]).splitlines() if "innerProduct" in line]
    assert len(steps) == 1


def test_transposes_and_reshapes_are_views():
    x = ops.array(_X)
    for view in (ops.transpose(x), ops.reshape(x, (6, 4)), ops.moveaxis(x, 0, 1), ops.squeeze(x)):
        assert np.shares_memory(view.array, x.array)


def test_bfloat16_is_kept():
    x = cast(_X, "bfloat16")
    for name in ("sum", "mean", "max", "sort", "cumsum", "median", "matmul with itself", "pad"):
        function = _SMOOTH[name]
        assert function(x).dtype == "bfloat16", name
        assert keras_strata.function(function)(x).dtype == "bfloat16", name


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.reshape(_X, 7), "24 elements and cannot be reshaped to 7"),
        (lambda: ops.reshape(_X, (-1, -1)), "cannot be reshaped"),
        (lambda: ops.transpose(_X, (0, 1)), "each of the 3 axes"),
        (lambda: ops.sum(_X, 3), "axis 3 is out of bounds"),
        (lambda: ops.sum(_X, (0, -3)), "An axis is given twice"),
        (lambda: ops.squeeze(_X, 1), "size not equal to one"),
        (lambda: ops.broadcast_to(_X, (2, 2, 4)), "broadcast"),
        (lambda: ops.matmul(_X, _X), "x1.shape=\\(2, 3, 4\\), x2.shape=\\(2, 3, 4\\)"),
        (lambda: ops.tensordot(_X, _KERNEL, 2), "one size in both"),
        (lambda: ops.einsum("ab,bc", _X, _KERNEL), "the term 'ab'"),
        (lambda: ops.einsum("abc,bd", _X, _KERNEL), "the letter 'b'"),
        (lambda: ops.einsum("abc->abd", _X), "letters of the operands"),
        (lambda: ops.stack([_X, _KERNEL]), "one shape"),
        (lambda: ops.split(_X, 5, 1), "5 equal parts"),
        (lambda: ops.pad(_X, ((1, 1), (2, 2))), "a pair for each axis"),
        (lambda: ops.pad(_X, 1, "mirror"), "Invalid padding mode"),
        (lambda: ops.max(np.zeros((0, 3), np.float32), 0), "needs `initial`"),
        (lambda: ops.quantile(_X, 0.5, method="best"), "Invalid method"),
    ],
)
def test_errors_say_what_arrived(call, message):
    with pytest.raises(ValueError, match=f"(?i){message}"):
        call()
