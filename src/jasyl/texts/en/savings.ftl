refusal-savings-too-few = Only { $received } complete periods: a model of temperature needs { $expected }.
    .mend = Take a longer time before the works, best a whole year, or shorter periods.
refusal-savings-no-model = None of the models ({ $received }) fits the consumption.
    .mend = Check that consumption and temperature belong to the same days and that the series counts what depends on weather.
refusal-savings-nothing-after = There is no complete period after the works.
    .mend = Take a later time, or import its readings first.
refusal-degradation-too-short = { $received } (days/pairs a year apart) are too few to tell a yearly change; { $expected } are needed.
    .mend = Wait for two whole years of readings.
