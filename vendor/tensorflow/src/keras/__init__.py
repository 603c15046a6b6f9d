"""Stand-in for Keras, by the same means as the stand-in for TensorFlow."""

import sys

import tensorflow

sys.modules[__name__].__class__ = tensorflow._Module
