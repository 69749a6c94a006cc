training-register = Вымышленные предприятия и объекты
training-readings = Сгенерированные показания, запечатанные по суткам
training-figures = Показатели, публикации и исправления
refusal-training-folder = В папке { $received } лежат настоящие данные; учебные смешались бы с ними.
    .mend = Создайте отдельную папку: jasyl init --starter training --data DIR.
refusal-training-loaded = В папке { $received } уже есть объекты.
    .mend = Загрузите учебные данные в новую папку.
