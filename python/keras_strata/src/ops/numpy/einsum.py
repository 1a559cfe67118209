"""Einstein's sums, planned as transposes, reshapes and products of matrices."""

import math
from collections.abc import Collection
from collections.abc import Sequence

import numpy as np

from keras_strata.src.ops import numpy as ops
from keras_strata.src.ops.core import cast
from keras_strata.src.ops.numpy import products
from keras_strata.src.ops.numpy.matrices import diagonal
from keras_strata.src.ops.numpy.primitives import in_wide
from keras_strata.src.ops.numpy.primitives import is_concrete
from keras_strata.src.ops.numpy.reductions import sum
from keras_strata.src.ops.numpy.shapes import reshape
from keras_strata.src.ops.numpy.shapes import squeeze
from keras_strata.src.ops.numpy.shapes import transpose
from keras_strata.src.tensor import Tensor

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def einsum(subscripts, *operands, **kwargs):
    factors = products.operands(*operands)
    terms, result = _parsed(subscripts, factors)
    labelled = [_Labelled(x, term) for x, term in zip(factors, terms, strict=True)]
    sizes = _sizes(subscripts, labelled)
    if is_concrete(*factors) or factors[0].dtype not in products.ENGINE_TYPES:
        return _on_host(terms, result, factors)
    # Axes of length 1 are broadcast: a factor does without them.
    labelled = [_without_axes_of_1(x, sizes) for x in labelled]
    for places in _order(labelled, result):
        chosen = [labelled[place] for place in places]
        labelled = [x for place, x in enumerate(labelled) if place not in places]
        kept = result + "".join(x.letters for x in labelled)
        labelled.append(_multiplied(chosen, kept))
    return labelled[0].ordered(result)


class _Labelled:
    """A tensor with a letter for each axis."""

    def __init__(self, tensor: Tensor, letters: str) -> None:
        self.tensor = tensor
        self.letters = letters

    def size(self, letters: Sequence[str]) -> int:
        return math.prod(self.sizes(letters))

    def sizes(self, letters: Sequence[str]) -> list[int]:
        return [self.tensor.shape[self.letters.index(letter)] for letter in letters]

    def ordered(self, letters: Sequence[str]) -> Tensor:
        return transpose(self.tensor, [self.letters.index(letter) for letter in letters])


def _parsed(subscripts: str, factors: Sequence[Tensor]) -> tuple[list[str], str]:
    """The letters of each factor and of the result, with letters for an ellipsis too."""
    text = subscripts.replace(" ", "")
    source, arrow, target = text.partition("->")
    terms = source.split(",")
    if len(terms) != len(factors):
        raise ValueError(
            f"einsum has {len(terms)} terms in {subscripts!r} for {len(factors)} operands. "
            "Give one term for each."
        )
    unused = [letter for letter in _LETTERS if letter not in text]
    extra = [x.ndim - len(t.replace("...", "")) for x, t in zip(factors, terms, strict=True)]
    longest = max((n for n, t in zip(extra, terms, strict=True) if "..." in t), default=0)
    shared = "".join(unused[:longest])
    named = []
    for count, term in zip(extra, terms, strict=True):
        fits = count >= 0 if "..." in term else count == 0
        if not fits:
            raise ValueError(
                f"The term {term!r} of einsum {subscripts!r} does not fit an operand of "
                f"{count + len(term.replace('...', ''))} axes."
            )
        named.append(term.replace("...", shared[longest - count :] if count else ""))
    if arrow:
        return named, _checked_result(target.replace("...", shared), named, subscripts)
    letters = "".join(term.replace("...", "") for term in terms)
    once = sorted(letter for letter in set(letters) if letters.count(letter) == 1)
    return named, shared + "".join(once)


def _checked_result(result: str, terms: Sequence[str], subscripts: str) -> str:
    if len(set(result)) != len(result) or not set(result) <= set("".join(terms)):
        raise ValueError(
            f"The result of einsum {subscripts!r} must have letters of the operands, each once."
        )
    return result


def _on_host(terms: Sequence[str], result: str, factors: Sequence[Tensor]) -> Tensor:
    text = ",".join(terms) + "->" + result
    dtype = factors[0].dtype
    optimize = len(factors) > 1 and "int" not in dtype

    @in_wide
    def compute(*arrays: np.ndarray) -> np.ndarray:
        return np.einsum(text, *arrays, optimize=optimize)

    return cast(products.host_product("einsum", compute, factors), dtype)


def _sizes(subscripts: str, labelled: Sequence[_Labelled]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for x in labelled:
        for letter, size in zip(x.letters, x.tensor.shape, strict=True):
            before = sizes.setdefault(letter, size)
            if before != size and 1 not in (before, size):
                raise ValueError(
                    f"The letter {letter!r} of einsum {subscripts!r} stands for axes of "
                    f"{before} and of {size} elements. Received shapes: "
                    f"{[y.tensor.shape for y in labelled]}"
                )
            sizes[letter] = max(before, size) if size and before else 0
    return sizes


def _without_axes_of_1(x: _Labelled, sizes: dict[str, int]) -> _Labelled:
    narrow = [
        axis
        for axis, letter in enumerate(x.letters)
        if x.tensor.shape[axis] == 1 and sizes[letter] != 1
    ]
    if not narrow:
        return x
    letters = "".join(letter for axis, letter in enumerate(x.letters) if axis not in narrow)
    return _Labelled(squeeze(x.tensor, narrow), letters)


def _order(labelled: Sequence[_Labelled], result: str) -> list[tuple[int, ...]]:
    """Which factors are multiplied in which step; a product takes the last place."""
    if len(labelled) <= 2:
        return [tuple(range(len(labelled)))]
    arrays = [np.broadcast_to(np.float32(0), x.tensor.shape) for x in labelled]
    text = ",".join(x.letters for x in labelled) + "->" + result
    return np.einsum_path(text, *arrays, optimize="greedy")[0][1:]


def _multiplied(factors: Sequence[_Labelled], kept: str) -> _Labelled:
    """The product of factors, one after the other, summed over letters that are not kept."""
    product, *others = factors
    while others:
        factor = others.pop(0)
        needed = kept + "".join(x.letters for x in others)
        product = _product(_with_diagonals(product), _with_diagonals(factor), needed)
    return _summed(product, kept)


def _product(one: _Labelled, other: _Labelled, kept: str) -> _Labelled:
    one = _summed(one, {*kept, *other.letters})
    other = _summed(other, {*kept, *one.letters})
    common = [letter for letter in one.letters if letter in other.letters]
    if all(letter in kept for letter in common):
        return _elementwise(one, other, common)
    if _moved_elements(other, one, kept) < _moved_elements(one, other, kept):
        one, other = other, one
    batch, rows, inner, columns = _roles(one, other, kept)
    shape = one.sizes(batch) + one.sizes(rows) + other.sizes(columns)
    width = one.size(inner)
    left = reshape(one.ordered(batch + rows + inner), (one.size(batch), one.size(rows), width))
    right = other.ordered(batch + inner + columns)
    right = reshape(right, (one.size(batch), width, other.size(columns)))
    if not batch:
        left, right = squeeze(left, 0), squeeze(right, 0)
    product = reshape(products.matmul(left, right), shape)
    return _Labelled(product, batch + rows + columns)


def _roles(one: _Labelled, other: _Labelled, kept: str) -> tuple[str, str, str, str]:
    """The letters of the batch, of rows, of the axes that are summed, and of columns."""
    common = [letter for letter in one.letters if letter in other.letters]
    return (
        "".join(letter for letter in common if letter in kept),
        "".join(letter for letter in one.letters if letter not in common),
        "".join(letter for letter in common if letter not in kept),
        "".join(letter for letter in other.letters if letter not in common),
    )


def _moved_elements(one: _Labelled, other: _Labelled, kept: str) -> int:
    """The number of elements in the transposes that a product needs."""
    batch, rows, inner, columns = _roles(one, other, kept)
    count = 0
    if one.letters != batch + rows + inner:
        count += one.tensor.size
    if other.letters != batch + inner + columns:
        count += other.tensor.size
    letters = batch + rows + columns
    if list(letters) != [letter for letter in kept if letter in letters]:
        count += one.size(batch) * one.size(rows) * other.size(columns)
    return count


def _elementwise(one: _Labelled, other: _Labelled, batch: Sequence[str]) -> _Labelled:
    rows = [letter for letter in one.letters if letter not in batch]
    columns = [letter for letter in other.letters if letter not in batch]
    sizes = one.sizes(batch)
    left = reshape(one.ordered([*batch, *rows]), sizes + one.sizes(rows) + [1] * len(columns))
    right = reshape(
        other.ordered([*batch, *columns]), sizes + [1] * len(rows) + other.sizes(columns)
    )
    return _Labelled(ops.multiply(left, right), "".join([*batch, *rows, *columns]))


def _with_diagonals(x: _Labelled) -> _Labelled:
    for letter in x.letters:
        while x.letters.count(letter) > 1:
            first = x.letters.index(letter)
            second = x.letters.index(letter, first + 1)
            rest = x.letters[:first] + x.letters[first + 1 : second] + x.letters[second + 1 :]
            x = _Labelled(diagonal(x.tensor, 0, first, second), rest + letter)
    return x


def _summed(x: _Labelled, kept: Collection[str]) -> _Labelled:
    x = _with_diagonals(x)
    axes = [axis for axis, letter in enumerate(x.letters) if letter not in kept]
    if not axes:
        return x
    return _Labelled(sum(x.tensor, axes), "".join(a for a in x.letters if a in kept))
