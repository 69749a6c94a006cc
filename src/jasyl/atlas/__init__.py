"""The atlas: resource layers of Kazakhstan, their tiles, legends, values at a place and statistics over regions.

The names and where each comes from stand in ``__init__.pyi``.
"""

from .lazy_face import lazy_face

__getattr__, __dir__, __all__ = lazy_face(__name__)
