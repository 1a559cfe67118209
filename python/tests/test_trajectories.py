"""The losses of twenty steps are those of Keras on JAX, for seven networks and four optimizers."""

import json
import pathlib

import numpy as np
import pytest
from trajectories import networks

_EXPECTED = json.loads((pathlib.Path(__file__).parent / "trajectories" / "losses.json").read_text())


@pytest.mark.parametrize("network", networks.NETWORKS)
@pytest.mark.parametrize("optimizer", networks.OPTIMIZERS)
def test_losses_are_those_of_jax(network, optimizer):
    expected = _EXPECTED[f"{network}-{optimizer}"]
    np.testing.assert_allclose(networks.losses(network, optimizer), expected, rtol=1e-5)
