# Books: documents kept of a place and a period.
refusal-unknown-book-kind = There is no book of kind { $received }.
    .mend = Use one of: { $expected }.
refusal-unknown-book = There is no book with the id { $received }.
    .mend = Take the id from the list of versions.
book-ghg_inventory = Greenhouse-gas inventory
book-plant_report = Emission report of a plant
book-material_account = Material account
book-building_stock = Building stock
