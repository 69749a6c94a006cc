refusal-weather-field-missing = The weather has no field { $expected }; it has { $received }.
    .mend = Convert it again from a file that holds these fields, or ask for what can be worked out without them.
refusal-weather-span-empty = The weather holds nothing in { $received }; it covers { $expected }.
    .mend = Choose times inside what is covered, or convert more years.
refusal-cluster-unreachable = No Dask scheduler answers at { $received } ({ $reason }).
    .mend = Start one (dask scheduler, dask worker) and give its address, or leave the address out to compute here.
