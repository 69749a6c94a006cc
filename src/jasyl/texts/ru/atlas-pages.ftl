column-range = Диапазон
column-parts = Из чего состоит
column-place = Место
column-mean = Среднее
column-minimum = Наименьшее
column-p10 = 10-й процентиль
column-median = Медиана
column-p90 = 90-й процентиль
column-maximum = Наибольшее
column-covered = Площадь с данными
layer-values-areas = Значения по местам, { $unit }
layer-values-sites = Значения по объектам, { $unit }
layer-values-raster = Среднее по регионам, { $unit }
layer-total = Сумма по регионам
sources-folded = { $count ->
    [one] { $count } источник
    [few] { $count } источника
   *[many] { $count } источников
}
table-folded = { $count ->
    [one] { $count } значение
    [few] { $count } значения
   *[many] { $count } значений
}
layer-counted = учтено регионов: { $count }
layer-not-in-total = Не вошло в сумму
layer-missing = Нет значения: { $places }.
layer-unconfirmed = Не подтверждено: { $places }.
layer-made = Как сделан этот слой
layer-method = Метод
layer-record = Запись о слое (JSON)
kind-allocated = распределено из итогов
layer-values-lines = Крупнейшие из линий, { $unit }
