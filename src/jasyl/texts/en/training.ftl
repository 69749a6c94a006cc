training-register = Fictional enterprises and facilities
training-readings = Generated readings, sealed day by day
training-figures = Figures, statements and corrections
refusal-training-folder = The folder { $received } holds real data; training data would mix with it.
    .mend = Make a folder of its own: jasyl init --starter training --data DIR.
refusal-training-loaded = The folder { $received } already holds facilities.
    .mend = Load the training data into a new folder.
