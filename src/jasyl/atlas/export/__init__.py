"""Built layers as files people take away, each with source and licence inside."""

from .files import FORMATS, Format, format_of, formats_of, layer_file, write_layer

__all__ = ["FORMATS", "Format", "format_of", "formats_of", "layer_file", "write_layer"]
