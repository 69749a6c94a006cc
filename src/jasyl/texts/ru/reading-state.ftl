reading-state = С { $first } по { $last } показания полны на { $completeness } %.
statement-readings = Показания в основе числа, по сегодняшней оценке
