refusal-unknown-region = “{ $received }” is not a region of Kazakhstan.
    .mend = Write one of these codes, or the region's name in Kazakh, Russian or English: { $expected }.
refusal-region-divided = “{ $received }” means a region that was divided since; its land now lies in { $expected }.
    .mend = Write the code of the region in which the place lies today.
refusal-unknown-settlement = No settlement “{ $received }” is known in { $region }.
    .mend = Check the spelling and the region, or give the coordinates.
refusal-settlement-ambiguous = Several settlements are called “{ $received }”: { $expected }.
    .mend = Name the region as well, or give the coordinates.
place-warning-outside-region = The point { $received } lies { $distance } km outside { $declared } (in { $found }), by borders that are only schematic.
refusal-place-outside-region = The point { $received } lies { $distance } km outside the declared region { $declared } (found: { $found }).
    .mend = Correct the coordinates or the region.
refusal-place-swapped = In { $received } longitude and latitude seem to be exchanged: only the other way round does the point lie in Kazakhstan.
    .mend = Give the longitude (46 to 88) first, then the latitude (40 to 56).
refusal-not-coordinates = { $received } is no longitude and latitude in degrees.
    .mend = Give decimal degrees on WGS 84, longitude first, for example 71.43, 51.13.
refusal-unknown-boundary = There is no boundary with the code “{ $received }”.
    .mend = Districts are there only after official boundaries were imported; check the code.
refusal-boundaries-damaged = The imported boundaries in { $received } cannot be read.
    .mend = Import the official file again, or delete this one to go back to the schematic regions.
refusal-boundaries-unreadable = The file { $received } cannot be read as boundaries: { $reason ->
        [absent] there is no such file
        [format] it is neither GeoJSON, GeoPackage nor Shapefile
        [parts] parts of the Shapefile are missing beside it ({ $detail })
        [shapes] rows have no shape ({ $detail })
       *[damaged] it is damaged or ends too early ("{ $detail }")
    }.
    .mend = Give a complete GeoJSON, GeoPackage or Shapefile (with .shp, .shx and .dbf), or a zip of these. Nothing was changed.
refusal-boundaries-too-large = The file has { $received } MB; at most { $expected } MB are read.
    .mend = Leave only the layers of regions and districts in it. Nothing was changed.
refusal-boundaries-crs = The coordinate system of the file ({ $received }) is not known.
    .mend = Add its .prj file, or save it on WGS 84 (EPSG:4326). Nothing was changed.
refusal-boundaries-no-areas = The file holds no areas.
    .mend = Give a layer of polygons. Nothing was changed.
refusal-boundaries-swapped = The file spans { $received }: longitude and latitude are exchanged.
    .mend = Save it with the longitude first, as RFC 7946 asks. Nothing was changed.
refusal-boundaries-elsewhere = The file spans { $received }, which is not Kazakhstan ({ $expected }).
    .mend = Check that it is the right file and that its coordinate system is stated rightly. Nothing was changed.
refusal-boundaries-not-regions = The file has { $received } areas, of which { $found } are recognised as regions of today; missing: { $missing }.
    .mend = Give the 20 regions as they stand since June 2022, with a column of codes (ADM1_PCODE, KATO or ISO). Nothing was changed.
refusal-boundaries-mislabelled = The area with the code { $received } lies far from its centre { $expected }: the codes of the file seem to be mixed up.
    .mend = Check the column of codes. Nothing was changed.
refusal-boundaries-districts-first = The file has districts only, and there are no official regions yet to put them in.
    .mend = Import the file of regions first. Nothing was changed.
refusal-boundaries-district-codes = The districts have no column with a different code in every row.
    .mend = Add one of these columns: { $expected }. Nothing was changed.
refusal-unknown-publisher = No publisher “{ $received }” is known.
    .mend = Choose one of these: { $expected }.
refusal-publisher-empty = The catalogue of { $received } names no file that can be imported.
    .mend = Download the boundaries by hand and run “jasyl import boundaries FILE”.
boundaries-imported = Imported from { $file }: { $regions } regions and { $districts } { $districts ->
    [one] district
   *[other] districts
    } are now in use.
boundaries-note-area = { $code }: the area is { $received } km², published is { $expected } km².
boundaries-note-mended = Shapes that cross themselves were mended: { $codes }.
boundaries-note-nameless = { $number ->
    [one] One district lacks
   *[other] { $number } districts lack
    } a name in one of the three languages; another language stands in.
boundaries-note-other-region = The file names another region than the one these districts lie in: { $codes }.
boundaries-note-uncovered = The districts do not cover the whole of { $codes }.
