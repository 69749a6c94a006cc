# Pages, pictures and papers of cities.
wheel-alternative = Benchmarking wheel of { $name }, { $year }: { $scored } of { $of } data points scored. The tables below say the same.
wheel-scored = { $scored } of { $of } scored
wheel-group = { $name }: { $share }, band { $band }; { $scored } of { $of } data points scored
wheel-point = { $name }: value { $value }, band { $band }, { $points } of 4 points
wheel-point-open = { $name }: no band, { $reason }
radar-alternative = Radar of the categories of { $dimension } ({ $books }), per cent of the points that can be had: { $values }
rank-open = rank { $best } to { $worst } of { $count }
city-nothing-scored = nothing scored
rank-alternative = Score and the range that missing data leave open: { $values }
