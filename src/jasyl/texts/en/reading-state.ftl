reading-state = From { $first } to { $last } readings are { $completeness } % complete.
statement-readings = Readings behind it, as judged today
