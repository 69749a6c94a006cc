refusal-meter-register = The register { $received } cannot be, its bound being { $expected }.
    .mend = Enter what the meter showed in the unit of the series; it lies between zero and the size of the register.
refusal-meter-future = The meter was to be mounted at { $received }, which is after { $expected }.
    .mend = Record the change once it has happened.
