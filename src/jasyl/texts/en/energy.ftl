energy-what = An estimate: processor time measured while this log took records in, times assumed watts; the always-on share depends on how many records come in a day. Figures of others as published.
energy-nothing = Nothing was measured here yet. Figures of others as published.
energy-caption = Energy of one record, joules
adviser-system-own-marginal = This log: one more record
adviser-system-own-always-on = This log: always-on machines, shared by the records of a day
adviser-system-own-anchors = This log: its transactions on chains, shared by the records of a day
refusal-energy-watts = { $received } W cannot be assumed; expected: { $expected }.
    .mend = Give watts of one busy core, of the server's share, or of one witness.
kind-measured = measured
energy-joules = { $value } { $prefix ->
    [giga] GJ
    [mega] MJ
    [kilo] kJ
    [milli] mJ
    [micro] µJ
   *[none] J
    }
