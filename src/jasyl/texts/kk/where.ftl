where-sheet = «{ $sheet }» парағы
where-row = { $row }-жол
where-field = «{ $field }» өрісі
