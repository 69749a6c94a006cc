refusal-window-antimeridian = The window { $received } crosses the 180th meridian, or its west lies beyond its east.
    .mend = Give west, south, east, north with −180 ≤ west < east ≤ 180; take the two sides of the 180th meridian one after the other.
refusal-window-edges = The window { $received } is none: latitudes go from −90 to 90, and south lies below north.
    .mend = Give west, south, east, north in degrees, longitude before latitude: 46,40,88,56 is Kazakhstan.
refusal-shape-antimeridian = Shape { $number } crosses the 180th meridian (longitudes { $received }).
    .mend = Cut it at 180° into two parts (RFC 7946, 3.1.9), for example with “ogr2ogr -wrapdateline”.
load-features-mended = { $count } shapes crossed themselves and were mended.
