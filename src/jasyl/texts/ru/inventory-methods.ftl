inventory-sheet-parameters = Методы
inventory-sheet-methods = Что нужно методам
inventory-field-activity = Деятельность (id)
inventory-column-method-of = Метод (параметр «of»)
inventory-column-method-parameter = Параметр
inventory-column-method-required = Обязателен (!)
refusal-inventory-parameter-activity = Параметры даны для «{ $received }», но такой деятельности в книге нет, или у параметра нет имени.
    .mend = Укажите id деятельности и имя параметра (лист «Что нужно методам» шаблона).
refusal-inventory-stock-missing = Для угодья «{ $received }» нет запаса углерода; заданы: { $expected }.
    .mend = Назовите коэффициент в kg C/m2 для каждого угодья до и после.
refusal-inventory-road-mixed = Поездки рассчитаны методом «{ $received }», а в кадастре указано { $expected }.
    .mend = Применяйте один метод автотранспорта во всём кадастре.
inventory-method-first-order-decay = распад первого порядка
inventory-method-methane-commitment = метановый потенциал
inventory-method-composting = компостирование
inventory-method-digestion = анаэробное сбраживание
inventory-method-incineration = сжигание отходов
inventory-method-open-burning = открытое сжигание
inventory-method-wastewater = сточные воды
inventory-method-travel = поездки
inventory-method-aviation = авиация
inventory-method-railway = железная дорога
inventory-method-refrigerants = баланс фторсодержащего газа
inventory-method-carbonates = обжиг карбонатов
inventory-method-livestock = животноводство
inventory-method-manure-nitrogen = азот навоза
inventory-method-soils = азот в почве
inventory-method-liming = известкование
inventory-method-stock-difference = разность запасов углерода
inventory-method-land-converted = перевод земель
inventory-method-plant-report = отчёт предприятия
inventory-column-way = Как рассчитано
inventory-way = { $method } ({ $equations }); { $count ->
    [0] без коэффициентов
    [one] { $count } коэффициент
    [few] { $count } коэффициента
   *[other] { $count } коэффициентов
}
inventory-kind-default = значение метода по умолчанию
refusal-inventory-one-way = «{ $received }» задано двумя способами, ни одним или наполовину; ожидается: { $expected }.
    .mend = Дайте либо топливо, либо сколько раз и сколько топлива на каждый.
