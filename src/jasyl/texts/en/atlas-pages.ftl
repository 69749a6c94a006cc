column-range = Range
column-parts = Made up of
column-place = Place
column-mean = Mean
column-minimum = Lowest
column-p10 = 10th percentile
column-median = Median
column-p90 = 90th percentile
column-maximum = Highest
column-covered = Area with data
layer-values-areas = Values by place, { $unit }
layer-values-sites = Values by site, { $unit }
layer-values-raster = Mean over each region, { $unit }
layer-total = Sum over regions
sources-folded = { $count ->
    [one] { $count } source
   *[other] { $count } sources
}
table-folded = { $count ->
    [one] { $count } value
   *[other] { $count } values
}
layer-counted = regions counted: { $count }
layer-not-in-total = Not in the sum
layer-missing = No value: { $places }.
layer-unconfirmed = Not confirmed: { $places }.
layer-made = How this layer was made
layer-method = Method
layer-record = Record of the layer (JSON)
kind-allocated = allocated from totals
layer-values-lines = The largest of its lines, { $unit }
