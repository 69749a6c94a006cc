# Книги: документы о месте и периоде.
refusal-unknown-book-kind = Нет книги вида { $received }.
    .mend = Используйте один из видов: { $expected }.
refusal-unknown-book = Нет книги с идентификатором { $received }.
    .mend = Возьмите идентификатор из списка версий.
book-ghg_inventory = Инвентаризация парниковых газов
book-plant_report = Отчёт о выбросах объекта
book-material_account = Материальный счёт
book-building_stock = Фонд зданий
