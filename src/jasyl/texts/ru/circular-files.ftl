# Документы циркулярной экономики, загружаемые через портал.
circular-import-title = Загрузка документа циркулярной экономики
circular-import-lead = Книга (XLSX, ODS), архив zip с файлами CSV или JSON. Документ сначала проверяется и рассчитывается; при любой ошибке не сохраняется ничего, и каждая ошибка названа с её местом. Сохранённое — новая версия, прежние остаются.
circular-import-waste-programme = Программа по отходам
circular-import-construction-chain = Строительная цепочка
circular-import-stock-model = Модель запасов
circular-import-material-account = Счёт материальных потоков
circular-import-dry-run = только проверить, ничего не сохранять
circular-import-examined = Проверено: ошибок нет, ничего не сохранено
circular-import-faults = { $file }: { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[other] { $count } ошибок
 }.
circular-import-said = { $kind } «{ $title }», { $place }, { $years }.
circular-import-look = Открыть страницу
circular-import-findings = Что показал расчёт
circular-import-lists = Для листа запасов или списка потоков, где место не названо
circular-import-place = Место (код ISO или КАТО)
circular-import-unit = Единица количеств на листе запасов
circular-import-templates = Пустые таблицы
circular-import-templates-lead = На языке этой страницы; заголовки понимаются на казахском, русском и английском.
circular-import-link = Загрузить документ
column-sheet = Лист
circular-page-decade = Построено
circular-page-decades-title = Материалы в использовании по десятилетиям постройки, { $year }
circular-share-recycled-sd = Переработано и компостировано: стандартное отклонение, %
circular-table-composition-cv = Коэффициент вариации состава
circular-table-recovery-cv = Коэффициент вариации извлечения
