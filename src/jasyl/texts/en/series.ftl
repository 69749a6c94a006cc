refusal-series-taken = The series { $received } is registered with another definition.
    .mend = Give the new meter another key: stored readings keep the meaning they came with.
