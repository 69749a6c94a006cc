refusal-unknown-unit = Единица измерения «{ $received }» неизвестна.
    .mend = Напишите одну из этих: { $expected }.
refusal-unit-dimension = Единицу { $received } нельзя перевести в { $expected }: они измеряют разное.
    .mend = Проверьте, подходит ли единица к величине.
refusal-unknown-period = «{ $received }» — не период.
    .mend = Пишите так: { $expected }.
refusal-not-canonical = На месте { $path } стоит { $received }, для подписываемой записи это не годится; ожидалось: { $expected }.
    .mend = Передайте число целым или десятичным текстом.
