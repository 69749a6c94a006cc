refusal-unknown-region = “{ $received }” is not a region of Kazakhstan.
    .mend = Write one of these codes, or the region's name in Kazakh, Russian or English: { $expected }.
refusal-region-divided = “{ $received }” means a region that was divided since; its land now lies in { $expected }.
    .mend = Write the code of the region in which the place lies today.
refusal-unknown-settlement = No settlement “{ $received }” is known in { $region }.
    .mend = Check the spelling and the region, or give the coordinates.
refusal-settlement-ambiguous = Several settlements are called “{ $received }”: { $expected }.
    .mend = Name the region as well, or give the coordinates.
