init-done = Папка { $path } готова.
init-password = Первая учётная запись: { $name }; пароль: { $password } (показывается один раз).
serve-address = Жасыл работает: { $address } (остановить: Ctrl-C)
serve-ended = Сервер остановлен.

refusal-unknown-starter = Начального набора «{ $received }» нет.
    .mend = Выберите один из: { $expected }.
refusal-port-taken = Порт { NUMBER($received, useGrouping: 0) } занят.
    .mend = Выберите другой, например: make run PORT={ NUMBER($other, useGrouping: 0) }.
refusal-port-forbidden = Порт { NUMBER($received, useGrouping: 0) } открыть нельзя ({ $reason }).
    .mend = Выберите порт выше 1024 или другой адрес.
init-step-tables = Создаются таблицы …
init-step-regions = Загружаются регионы …
init-step-facilities = Загружаются объекты, программы, факты …
init-step-readings = Опечатываются показания эталонной установки …
init-step-atlas = Рассчитывается карта ясного неба …
init-step-log = Записывается и подписывается журнал …

refusal-data-folder-not-empty = Папка { $received } не пуста.
    .mend = Укажите пустую или новую папку; в ней ничего не изменено.
