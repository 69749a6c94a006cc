refusal-unknown-unit = The unit “{ $received }” is not known.
    .mend = Write one of these: { $expected }.
refusal-unit-dimension = { $received } cannot be converted to { $expected }: they measure different things.
    .mend = Check that the unit fits the quantity.
refusal-unknown-period = “{ $received }” is not a period.
    .mend = Write it like one of these: { $expected }.
refusal-not-canonical = At { $path } stands { $received }, which cannot be signed; expected: { $expected }.
    .mend = Give numbers as integers or decimal texts.
