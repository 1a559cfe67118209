"""Keras's operations on images."""

from keras_strata.src.ops.image.colors import hsv_to_rgb
from keras_strata.src.ops.image.colors import rgb_to_grayscale
from keras_strata.src.ops.image.colors import rgb_to_hsv
from keras_strata.src.ops.image.coordinates import map_coordinates
from keras_strata.src.ops.image.filters import gaussian_blur
from keras_strata.src.ops.image.filters import sobel_edges
from keras_strata.src.ops.image.resampling import resize
from keras_strata.src.ops.image.resampling import scale_and_translate
from keras_strata.src.ops.image.warping import affine_transform
from keras_strata.src.ops.image.warping import compute_homography_matrix
from keras_strata.src.ops.image.warping import elastic_transform
from keras_strata.src.ops.image.warping import perspective_transform
