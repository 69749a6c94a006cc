refusal-diffusion-too-few = Too few data for a curve: years with additions / years { $received }, needed { $expected }.
    .mend = Choose a larger group, such as the whole country, or wait for more years.
refusal-diffusion-not-identifiable = The data do not tell where the curve ({ $received }) ends: growth has not visibly slowed yet, or it was a single jump.
    .mend = Read the additions as they are; a potential named from these years would be a guess.
refusal-backtest-too-few = Only { $received } past forecasts can be compared; a judgement needs { $expected }.
    .mend = Choose a group with a longer history.
refusal-decomposition-negative = A factor of “{ $received }” is negative or unknown, so its growth cannot be decomposed.
    .mend = Correct the value in the register.
