"""Stand-in for TensorFlow: gives importers the names they ask for, and says so if one is used."""

import importlib.machinery
import sys
import types

__version__ = "2.12.0"

WHAT_TO_DO = (
    "config.yml uses a component that needs TensorFlow ({name}), and this installation runs "
    "without TensorFlow. Either choose a component that does not need it, or bring the real "
    "TensorFlow back as vendor/tensorflow/README.md says."
)


def _not_installed(what_to_do):
    """An error that Rasa shows as one line; libraries that try TensorFlow take it for "none"."""
    from rasa.shared.exceptions import InvalidConfigException

    class TensorFlowNotInstalled(InvalidConfigException, ImportError):
        pass

    return TensorFlowNotInstalled(what_to_do)


class _Name(type):
    """Makes any name importable, subclassable and usable in type hints, but not callable."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Name(name, (), {"__module__": f"{cls.__module__}.{cls.__name__}"})

    def __call__(cls, *args, **kwargs):
        raise _not_installed(WHAT_TO_DO.format(name=cls.__name__))


class _Module(types.ModuleType):
    """A module that has every name."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = _Name(name, (), {"__module__": self.__name__})
        setattr(self, name, value)
        return value


def function(*args, **kwargs):
    """`@tf.function`, with or without arguments: leaves the function as it is."""
    return args[0] if args else lambda decorated: decorated


class _Finder:
    """Finds every submodule of the packages that this one stands in for."""

    packages = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text")

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname.partition(".")[0] in cls.packages and fullname != __name__:
            return importlib.machinery.ModuleSpec(fullname, cls, is_package=True)
        return None

    @staticmethod
    def create_module(spec):
        return _Module(spec.name)

    @staticmethod
    def exec_module(module):
        """Nothing to run."""


sys.meta_path.append(_Finder)
sys.modules[__name__].__class__ = _Module
