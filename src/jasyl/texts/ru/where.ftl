where-sheet = лист «{ $sheet }»
where-row = строка { $row }
where-field = поле «{ $field }»
