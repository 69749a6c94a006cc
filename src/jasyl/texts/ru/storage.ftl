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
refusal-settings-broken = Настройки { $received } не читаются ({ $reason }).
    .mend = Восстановите файл из резервной копии; в нём {"{"}"kind": "real"{"}"} и, при PostgreSQL, адрес базы данных.
refusal-database-not-empty = База данных { $received } не пуста: в ней таблицы другой установки или прерванного запуска (всего таблиц: { $count }).
    .mend = Назовите пустую базу или очистите эту (dropdb и createdb), если её содержимое не нужно; ничего не изменено.
refusal-data-newer = Данные записаны более новой версией Жасыл (форма { $received }; эта версия знает до { $expected }).
    .mend = Запустите более новую версию или восстановите копию, сделанную до неё.
refusal-data-older = Данные в более старой форме ({ $received }; этой версии нужна { $expected }).
    .mend = Запустите один раз сервер, «jasyl serve»: он их обновит.
