"""Keras's mathematical operations: segments, special functions, spectra."""

from keras_strata.src.ops.math.segments import in_top_k
from keras_strata.src.ops.math.segments import segment_max
from keras_strata.src.ops.math.segments import segment_min
from keras_strata.src.ops.math.segments import segment_prod
from keras_strata.src.ops.math.segments import segment_sum
from keras_strata.src.ops.math.segments import top_k
from keras_strata.src.ops.math.special import cdist
from keras_strata.src.ops.math.special import erf
from keras_strata.src.ops.math.special import erfc
from keras_strata.src.ops.math.special import erfinv
from keras_strata.src.ops.math.special import logdet
from keras_strata.src.ops.math.special import logsumexp
from keras_strata.src.ops.math.special import rsqrt
from keras_strata.src.ops.math.spectra import _get_complex_tensor_from_tuple
from keras_strata.src.ops.math.spectra import extract_sequences
from keras_strata.src.ops.math.spectra import fft
from keras_strata.src.ops.math.spectra import fft2
from keras_strata.src.ops.math.spectra import ifft2
from keras_strata.src.ops.math.spectra import irfft
from keras_strata.src.ops.math.spectra import istft
from keras_strata.src.ops.math.spectra import rfft
from keras_strata.src.ops.math.spectra import stft
