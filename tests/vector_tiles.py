"""Vector tiles as GDAL reads them: a reader that knows nothing of our writer."""


def read_tile(tile, folder, *, clip=False):
    """Layer, places in tile units from the upper left corner, and properties (absent ones left out) of a tile."""
    import pyogrio
    import shapely

    if not tile:
        return None, [], []
    path = folder / "0.mvt"  # a name that is no z/x/y: GDAL then leaves coordinates in tile units, north up
    path.write_bytes(tile)
    layer = pyogrio.list_layers(path)[0][0]
    meta, _, geometry, columns = pyogrio.raw.read(path, layer=layer, CLIP="YES" if clip else "NO")
    places = [(point.x, 4096 - point.y) for point in shapely.from_wkb(geometry)]
    rows = [{} for _ in places]
    for name, values in zip(meta["fields"], columns, strict=True):
        for row, value in zip(rows, values.tolist(), strict=True):
            if value is not None and value == value:
                row[str(name)] = value
    return layer, places, rows
