refusal-outgoing-forbidden = Адрес { $received } не запрашивается: это не https или он не ведёт в открытый интернет.
    .mend = Укажите открытый адрес https без имени пользователя и пароля.
refusal-outgoing-failed = Не удалось получить { $received } ({ $reason }).
    .mend = Проверьте адрес и соединение и повторите; уже полученное сохранено.
refusal-outgoing-too-large = { $received } передаёт больше { $expected } байт.
    .mend = Проверьте, верен ли адрес.
