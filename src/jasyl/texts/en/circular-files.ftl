# Documents of the circular economy brought to the portal.
circular-import-title = Bring in a document of the circular economy
circular-import-lead = A workbook (XLSX, ODS), a zip of CSV files or JSON. The document is examined and computed first; with any fault nothing is kept, and each fault is named with its place. What is kept is a new version; earlier ones stay.
circular-import-waste-programme = Waste programme
circular-import-construction-chain = Construction chain
circular-import-stock-model = Stock model
circular-import-material-account = Material account
circular-import-dry-run = only examine, keep nothing
circular-import-examined = Examined: nothing is wrong, nothing was kept
circular-import-faults = { $file }: { $count ->
    [one] one fault
   *[other] { $count } faults
 }.
circular-import-said = { $kind } “{ $title }”, { $place }, { $years }.
circular-import-look = See its page
circular-import-findings = What computing it found
circular-import-lists = For a sheet of stocks or a list of flows, which name no place
circular-import-place = Place (ISO or KATO code)
circular-import-unit = Unit of the amounts of a sheet of stocks
circular-import-templates = Empty tables
circular-import-templates-lead = In the language of this page; headers are understood in Kazakh, Russian and English.
circular-import-link = Bring in a document
column-sheet = Sheet
circular-page-decade = Built in
circular-page-decades-title = Materials in use by decade of building, { $year }
circular-share-recycled-sd = Recycled and composted: standard deviation, %
circular-table-composition-cv = Coefficient of variation of the composition
circular-table-recovery-cv = Coefficient of variation of recovery
