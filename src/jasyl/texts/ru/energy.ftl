energy-what = Оценка: измеренное время процессора, пока журнал принимал записи, умноженное на принятые ватты; постоянная доля зависит от числа записей в сутки. Числа других систем — по публикациям.
energy-nothing = Здесь ещё ничего не измерено. Числа других систем — по публикациям.
energy-caption = Энергия одной записи, джоули
adviser-system-own-marginal = Этот журнал: ещё одна запись
adviser-system-own-always-on = Этот журнал: постоянно включённые машины на записи суток
adviser-system-own-anchors = Этот журнал: его транзакции в сетях на записи суток
energy-source-own-marginal = { $seconds } с процессорного времени на записи ({ $records }), умноженные на { $watts } Вт занятого ядра
energy-source-own-always-on = { $watts } Вт постоянно включённых машин
energy-source-key-value = Sedlmeir и др., 2020, doi 10.1007/s12599-020-00656-x: измерено авторами
energy-source-permissioned = собственная оценка по классу из Sedlmeir и др., 2020, рис. 2
energy-source-hedera = Platt и др., arXiv 2109.03667 v2 (20,95 мВт·ч)
energy-source-algorand = Platt и др., arXiv 2109.03667 v2 (4,43 Вт·ч)
energy-source-ethereum = CCRI, сентябрь 2022 г. (2601 МВт·ч в год), примерно на 400 млн транзакций в год (их число принято); страница об энергии на ethereum.org
energy-source-polkadot = Platt и др., arXiv 2109.03667 v2 (115,6 Вт·ч)
energy-source-bitcoin = оценки для всей сети, 100–130 ТВт·ч в год, со страницы об энергии на ethereum.org, примерно на 150 млн транзакций в год (их число принято)
refusal-energy-watts = { $received } Вт принять нельзя; ожидалось: { $expected }.
    .mend = Дайте ватты занятого ядра, доли сервера или одного свидетеля.
kind-measured = измерено
energy-joules = { $value } { $prefix ->
    [giga] ГДж
    [mega] МДж
    [kilo] кДж
    [milli] мДж
    [micro] мкДж
   *[none] Дж
    }
