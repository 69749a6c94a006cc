"""Weather through time: a store converted once from reanalysis files, and files read as they are.

The names and where each comes from stand in ``__init__.pyi``.
"""

from ..lazy_face import lazy_face

__getattr__, __dir__, __all__ = lazy_face(__name__)
