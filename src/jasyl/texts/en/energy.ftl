energy-what = An estimate: processor time measured while this log took records in, times assumed watts; the always-on share depends on how many records come in a day. Figures of others as published.
energy-nothing = Nothing was measured here yet. Figures of others as published.
energy-caption = Energy of one record, joules
adviser-system-own-marginal = This log: one more record
adviser-system-own-always-on = This log: always-on machines, shared by the records of a day
adviser-system-own-anchors = This log: its transactions on chains, shared by the records of a day
energy-source-own-marginal = { $seconds } s of processor time for { $records } records, times { $watts } W of a busy core
energy-source-own-always-on = { $watts } W of machines that are always on
energy-source-key-value = Sedlmeir and others 2020, doi 10.1007/s12599-020-00656-x: measured by its authors
energy-source-permissioned = own estimate in the class of Sedlmeir and others 2020, figure 2
energy-source-hedera = Platt and others, arXiv 2109.03667 v2 (20.95 mWh)
energy-source-algorand = Platt and others, arXiv 2109.03667 v2 (4.43 Wh)
energy-source-ethereum = CCRI, September 2022 (2601 MWh a year), over about 400 million transactions a year (their number assumed); energy page of ethereum.org
energy-source-polkadot = Platt and others, arXiv 2109.03667 v2 (115.6 Wh)
energy-source-bitcoin = network estimates of 100 to 130 TWh a year on the energy page of ethereum.org, over about 150 million transactions a year (their number assumed)
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
