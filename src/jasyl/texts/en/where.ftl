where-sheet = sheet “{ $sheet }”
where-row = row { $row }
where-field = field “{ $field }”
