refusal-city-numerator-only = Data point { $point } has a numerator ({ $received }) and no denominator, so it has no value.
    .mend = Enter the denominator too. If the number is the final value, put it into the column of the value.
refusal-city-denominator-only = Data point { $point } has a denominator ({ $received }) and neither numerator nor value.
    .mend = Enter the numerator or the value, or set the status to “not reported”.
refusal-city-denominator-zero = The denominator of { $point } is zero.
    .mend = Enter what is counted against, or leave numerator and denominator empty and set the status.
refusal-city-negative = { $point } is below zero here: { $received }.
    .mend = Enter a number of zero or more; amounts and shares of this catalogue are never negative.
refusal-city-direct-value = { $point } is a direct value, but { $received } stands in the numerator.
    .mend = Move it to the column of the value; this data point has no numerator.
refusal-city-yes-no = { $point } is answered with yes or no, not with { $received }.
    .mend = Write 1 (yes) or 0 (no).
refusal-city-number-beside-status = { $point } has a number, but its status is “{ $received ->
        [reported] { indicator-status-reported }
        [partly] { indicator-status-partly }
        [not_reported] { indicator-status-not-reported }
        [not_verified] { indicator-status-not-verified }
        [not_verifiable] { indicator-status-not-verifiable }
        [not_applicable] { indicator-status-not-applicable }
       *[other] { $received }
    }”.
    .mend = Set the status to “reported”, or take the number out.
refusal-city-nothing-reported = { $point } has the status “{ $received ->
        [reported] { indicator-status-reported }
        [partly] { indicator-status-partly }
        [not_reported] { indicator-status-not-reported }
        [not_verified] { indicator-status-not-verified }
        [not_verifiable] { indicator-status-not-verifiable }
        [not_applicable] { indicator-status-not-applicable }
       *[other] { $received }
    }”, but no number.
    .mend = Enter the number, or set the status to “not reported”. An empty cell is not zero.
refusal-city-unit-unknown = { $point } is given in “{ $received }”, which nothing here converts to { $expected ->
        [percent] %
       *[other] { $expected }
    }.
    .mend = Convert the value yourself and give it in the unit of the data point; particles (PM2.5, PM10) have no ppm.
refusal-city-currency = { $point } is an amount of money without a currency; received: { $received }.
    .mend = Name the currency by its ISO 4217 code in the column of the unit: { $expected }
refusal-city-percent-above = { $point } comes to { $received }; a share of a whole lies within { $expected }.
    .mend = Check numerator and denominator: the same unit, the same year, the part not larger than the whole.
refusal-city-coefficient = { $point } is a coefficient of { $expected }, received: { $received }.
    .mend = Divide a percentage by 100.
refusal-city-value-contradicts = The value of { $point } is { $received }, but numerator and denominator give { $expected }.
    .mend = Correct the one that is wrong, or leave the value empty: it is then computed.
refusal-city-population-divided = The denominator of { $point } is { $received }: the population already divided by 100 000.
    .mend = Enter the whole population ({ $expected }); the factor is applied here.
refusal-city-air-unit = { $point }: { $received } is cleaner than any air measured over a year; probably another unit is meant: { $expected }.
    .mend = Give the value in µg/m³, or name its unit (ppm, ppb, mg/m3) in the column of the unit.
refusal-city-two-populations = { $point } rests on another population ({ $received }) than { $points } ({ $expected }).
    .mend = Use one number of one date throughout the book; where a group is meant, say so in the note.
refusal-city-two-households = { $point } rests on another number of households ({ $received }) than { $points } ({ $expected }).
    .mend = Use one number of one date throughout the book; where a group is meant, say so in the note.
refusal-city-two-areas = { $point } rests on another area of the city ({ $received }) than { $points } ({ $expected }).
    .mend = Use one boundary throughout the book: the core city or the agglomeration, not both.
refusal-city-households-inhabitants = The households of { $point } ({ $received }) are probably inhabitants: fewer than 1.4 people would live in each.
    .mend = Count households, not people; expected: { $expected }.
refusal-city-factor-one = The value of { $point } ({ $received }) is the number itself; per 100 000 people of this city it is { $expected }.
    .mend = Leave the value empty: it is computed from numerator and population.
refusal-city-two-gdp = { $point } rests on another product of the city ({ $received }) than { $points } ({ $expected }).
    .mend = Use one product of one year and in one currency.
refusal-city-shares = The shares of { $points } add up to { $received }; expected: { $expected }.
    .mend = Check the parts against one total; what is left belongs into “other”.
refusal-city-wastewater = { $point } exceeds the level before it: { $received }.
    .mend = Treatment levels are cumulative: what gets tertiary treatment also counts as secondary and primary.
refusal-city-group-population = The denominator of { $point } ({ $received }) is as large as a population; expected: { $expected }.
    .mend = Enter the group that the data point names: live births, or children of 0–3.
refusal-city-unit-converted = { $point } was converted: { $received } = { $expected }.
    .mend = Check the factor; the number as it came is kept in the note.
refusal-city-research-high = { $point } is { $received } of the city's product; usual: { $expected }.
    .mend = Check both amounts, and the share of the country: research is sometimes counted where the head office is.
refusal-city-nearly-all = { $point } is { $received }; usual: { $expected }.
    .mend = Check the base (households, not people) and the source; explain a value that is really so low.
refusal-city-value-only = Only the result of { $point } is given ({ $received }), not its numerator and denominator.
    .mend = Enter them too, or say in the note where the result comes from.
refusal-city-quality-missing = { $point } has a number without: { $expected ->
        [origin] { city-column-origin }
        [quality] { city-column-quality }
       *[other] { city-column-origin }, { city-column-quality }
    }.
    .mend = Choose where the number comes from and how good it is; nothing is assumed in your place.
refusal-city-boundary-mixed = Numbers of one city lie a fifth and more apart: { $received }.
    .mend = Check whether the core city and its agglomeration were mixed.
refusal-city-prefilled-changed = The denominator of { $point } was { $expected } in the template and is now { $received }.
    .mend = Say in the note why, or put the number of the city back.
refusal-city-gdp-missing = The city's product is not in the book, though these rest on it: { $expected }.
    .mend = Enter base.gdp with its currency and the year it is of.
refusal-city-gdp-undated = The city's product does not say which year it is of.
    .mend = Enter the year in the column of the date, such as { $expected }.
refusal-city-gdp-uncompared = The city's product cannot be compared with the country's; national figure: { $received }, needed in: { $expected }.
    .mend = Enter base.national_gdp_per_head in the same currency, with its source in the note.
refusal-city-gdp-implausible = The city's product per head ({ $received }) is far from the country's; expected: { $expected }.
    .mend = Check unit (millions?), currency, year and boundary.
refusal-city-many-missing = { $received } data points are not reported; the verifier asks from more than a fifth on ({ $expected }).
    .mend = Report what can be had, and mark as “not applicable” what the city cannot have.
refusal-city-order = { $point } is usually not above { $points }: { $received }.
    .mend = Check both; explain it in the note when it is really so.
refusal-city-unknown = There is no city “{ $received }”.
    .mend = Give the ISO code of a city of republican rank or the KATO code of a settlement: { $expected }.
refusal-city-year = “{ $received }” is no year of a book.
    .mend = Give a year of four digits: { $expected }.
refusal-city-reason-missing = { $received }: the system proposed a number, and another one is entered without a reason.
    .mend = Say why, or accept the proposal.
refusal-city-evidence-unknown = { $point }: no kept file has the SHA-256 “{ $received }”.
    .mend = Upload the file first on the page of the book; its hash is shown there.
refusal-city-evidence-kind = Files such as “{ $received }” are not kept as evidence.
    .mend = Give one of these: { $expected }.
refusal-city-evidence-empty = The file “{ $received }” is empty.
    .mend = Choose the file again.
refusal-city-evidence-lost = The kept file “{ $received }” is gone or no longer has the SHA-256 { $expected }.
    .mend = Restore the folder “evidence” from the backup and ask the operator what happened.
refusal-city-thread-unknown = This book has no thread “{ $received }”.
    .mend = Open the page of the book again and answer there.
refusal-city-thread-closed = The thread on { $received } is closed.
    .mend = Begin a new one.
refusal-city-text-empty = Nothing was written.
    .mend = Write what you mean; a “no” needs its reason.
refusal-city-nothing-to-judge = No number is entered for { $received }.
    .mend = Only what is reported can be verified.
refusal-city-verdict-outdated = { $received } was changed since you looked at it.
    .mend = Look at the newest entry and judge that.
refusal-city-unjudged = There is no verdict on the newest entry of { $count } data points: { $received }.
    .mend = Say yes or no to each of them.
refusal-city-questions-open = Questions are open: { $count } ({ $received }).
    .mend = Close each of them once it is answered.
refusal-city-findings-open = The automatic checks asked something that nobody answered: { $count } ({ $received }).
    .mend = Correct the entries, or ask the question in its thread and close it with the answer.
refusal-city-nothing-verified = No data point of this book is verified.
    .mend = Judge the entries first; an attestation speaks of those that were found plausible.
refusal-city-not-proposed = { $received }: the origin says that this is the system's own figure, but it proposed no such number.
    .mend = Choose where the number comes from, or take the proposal over on the page “What the system knows”.
