"""What every exported file says about itself."""

from ..layer import Layer


def attributes(layer: Layer) -> dict[str, str]:
    """Texts to write into a file's metadata: what it is, where from, under which licence, and its hash."""
    return {
        "layer": layer.id,
        "quantity": layer.quantity,
        "unit": layer.unit,
        "kind": layer.kind,
        "uncertainty": layer.uncertainty,
        "period": layer.period or "",
        "method": layer.method or "",
        "source": sources(layer),
        "licence": licences(layer),
        "inputs_sha256": "; ".join(f"{name}={digest}" for name, digest in sorted(layer.inputs.items())),
        "values_sha256": layer.array or "",
    }


def licences(layer: Layer) -> str:
    """The licences of all sources, each once."""
    return "; ".join(dict.fromkeys(source.licence for source in layer.sources))


def sources(layer: Layer) -> str:
    """The sources as they want to be named."""
    return "; ".join(
        f"{source.attribution or source.name} {source.version}".strip() + f" ({source.reference})"
        for source in layer.sources
    )
