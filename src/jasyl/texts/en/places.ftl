refusal-unknown-region = “{ $received }” is not a region of Kazakhstan.
    .mend = Write one of these codes, or the region's name in Kazakh, Russian or English: { $expected }.
refusal-region-divided = “{ $received }” means a region that was divided since; its land now lies in { $expected }.
    .mend = Write the code of the region in which the place lies today.
