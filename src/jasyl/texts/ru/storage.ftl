refusal-no-data-folder = В { $received } нет данных Jasyl.
    .mend = Сначала выполните «jasyl init --data { $received } --starter kazakhstan» или укажите другую папку через --data.
refusal-data-folder-taken = В папке { $received } уже есть данные.
    .mend = Выберите другую папку; имеющиеся данные не изменены.
refusal-data-folder-unwritable = В папку { $received } нельзя писать ({ $reason }).
    .mend = Дайте право записи или укажите другую папку через DATA=… (--data).
refusal-folder-in-use = Замок «{ $received }» папки { $path } держит другой процесс.
    .mend = Дождитесь его завершения или остановите его.
refusal-database-unreachable = База данных { $received } не отвечает ({ $reason }).
    .mend = Проверьте, что сервер запущен и адрес верен.
