city-column-parts = Groups
city-column-parts-about = Breakdown: one group in a line, “sex=female, age=65+: 120 / 400” (axes sex, age, disability, income, district); a value alone as “= 31.5”, in [ ] how many persons stand behind it. Groups of fewer than three persons are shown to nobody but those who keep the book; a public copy has them as “disability=yes: *”, and so they stay as they stand.
city-breakdown = Breakdown
refusal-city-breakdown = “{ $received }” is no group; expected: { $expected }.
    .mend = Write one group in a line: axis=group, a colon, counted / counted against; a name of a group has no comma, colon, semicolon or equals sign.
refusal-city-breakdown-alone = { $point } has groups beside { $received }.
    .mend = Give the number of the data point itself too, in its own unit: groups are parts of it.
refusal-city-breakdown-twice = The group “{ $received }” of { $point } stands twice.
    .mend = Keep one of the two.
refusal-city-breakdown-above = The groups of { $point } count more than the whole: { $received } against { $expected }.
    .mend = Correct the groups or the whole; people belong to one group of an axis.
refusal-city-breakdown-closed = The group “{ $received }” of { $point } is closed in this file, but the book has no such group.
    .mend = Give its numbers, or leave the line out.
city-group-female = female
city-group-male = male
city-group-yes = yes
city-group-no = no
