refusal-certificate-attribute = Сертификатов вида «{ $received }» нет.
    .mend = Назовите один из: { $expected }.
refusal-certificate-name = «{ $received }» не годится как имя в поле { $field }.
    .mend = От 1 до 64 знаков A–Z a–z 0–9 . _ : @ / -, первый — буква или цифра.
refusal-certificate-unknown = Сертификата { $received } нет.
    .mend = Список даёт jasyl certificates list.
refusal-certificate-taken = Сертификат { $received } уже есть.
    .mend = Дайте новому другое имя или не давайте никакого: тогда оно создаётся само.
refusal-certificate-command-reused = Команда { $received } уже была выполнена и просила тогда о другом.
    .mend = Давайте каждой новой команде свой ключ.
refusal-certificate-range = { $received } — не диапазон единиц.
    .mend = Диапазон пишется НАЧАЛО:КОНЕЦ, конец больше начала, в пределах { $expected }.
refusal-certificate-not-held = { $account } владеет не всеми единицами { $received }.
    .mend = Посмотрите, кто чем владеет: jasyl certificates list.
refusal-certificate-gone = Единицы { $received } нельзя передвинуть: { $at } { $standing ->
        [retired] погашены
        [cancelled] аннулированы
        [exported] вывезены
       *[expired] истекли
    }.
    .mend = Выберите единицы, которыми ещё владеют.
refusal-certificate-to-self = { $received } не может передать единицы самому себе.
    .mend = Назовите другой счёт.
refusal-certificate-too-late = Время, в которое сертификат { $received } можно было так использовать, прошло.
    .mend = Передавать можно до срока обращения, погашать — до истечения.
refusal-certificate-too-early = Сертификату { $received } ещё рано истекать.
    .mend = Подождите дня истечения или аннулируйте его с указанием причины.
refusal-certificate-too-split = Сертификат распался бы на { $received } частей; хранится не более { $expected }.
    .mend = Передвигайте диапазоны побольше или соседние.
refusal-certificate-malformed = Событие «{ $received }» говорит не то, что должно: { $reason }.
    .mend = См. руководство, страница «Certificates».
refusal-certificate-factor = Коэффициент { $received } не подходит сертификатам вида «{ $attribute }».
    .mend = Коэффициент (граммы на Вт·ч) есть только у сертификатов предотвращённых выбросов, и только с источником.
refusal-certificate-interval = Промежуток { $received } не подходит.
    .mend = Целые часы внутри одних опечатанных суток или ровно названные опечатанные сутки.
refusal-certificate-device = Устройство { $received } и ряд { $series } не относятся друг к другу.
    .mend = У устройства один ряд навсегда; другому счётчику дайте другой номер устройства.
refusal-certificate-batch = Запись { $received } — не опечатанные сутки, по которым можно выпустить сертификаты { $device }.
    .mend = Назовите действующие опечатанные сутки этого ряда и подходящей величины, одни за другими.
refusal-certificate-issued-twice = Для { $received } сертификат того же вида и времени уже есть: { $other }.
    .mend = Измеренное выпускается один раз.
refusal-certificate-above-measured = Выпустить { $received } нельзя: измерено и ещё не выпущено { $expected }.
    .mend = Выпускайте ровно измеренное, округлив вниз до целых единиц.
refusal-certificate-imported-twice = Единицы { $received } из { $registry } уже были ввезены.
    .mend = Каждая единица ввозится один раз.
refusal-certificate-sold-twice = На то, что { $received } произвело в это время, сертификат уже есть: { $other }.
    .mend = Спросите оба реестра: одну и ту же энергию нельзя продать дважды.
refusal-certificate-not-cancelled = Доказательство от { $registry } не показывает вывоза в этот реестр («{ $received }»).
    .mend = Попросите другой реестр вывезти единицы в этот журнал и дать доказательство этого.
