refusal-unknown-region = «{ $received }» — не регион Казахстана.
    .mend = Укажите один из этих кодов или название региона на казахском, русском или английском языке: { $expected }.
refusal-region-divided = «{ $received }» означает область, которая с тех пор разделена; её земли теперь входят в { $expected }.
    .mend = Укажите код региона, в котором место находится сегодня.
refusal-unknown-settlement = Населённый пункт «{ $received }» в { $region } не найден.
    .mend = Проверьте написание и регион или укажите координаты.
refusal-settlement-ambiguous = Название «{ $received }» носят несколько населённых пунктов: { $expected }.
    .mend = Укажите также регион или координаты.
place-warning-outside-region = Точка { $received } лежит в { $distance } км за пределами { $declared } (в { $found }); границы пока лишь схематические.
refusal-place-outside-region = Точка { $received } лежит в { $distance } км за пределами указанного региона { $declared } (найдено: { $found }).
    .mend = Исправьте координаты или регион.
refusal-place-swapped = В { $received } долгота и широта, по-видимому, переставлены: только в обратном порядке точка лежит в Казахстане.
    .mend = Сначала укажите долготу (от 46 до 88), затем широту (от 40 до 56).
refusal-not-coordinates = { $received } — это не долгота и широта в градусах.
    .mend = Укажите десятичные градусы WGS 84, сначала долготу, например 71.43, 51.13.
refusal-unknown-boundary = Границы с кодом «{ $received }» нет.
    .mend = Районы появляются только после загрузки официальных границ; проверьте код.
refusal-boundaries-damaged = Загруженные границы в { $received } не читаются.
    .mend = Загрузите официальный файл ещё раз или удалите этот, чтобы вернуться к схематическим регионам.
refusal-boundaries-unreadable = Файл { $received } не удаётся прочитать как границы: { $reason ->
        [absent] такого файла нет
        [format] это не GeoJSON, не GeoPackage и не Shapefile
        [parts] рядом нет частей Shapefile ({ $detail })
        [shapes] есть строки без контура ({ $detail })
       *[damaged] он повреждён или обрывается («{ $detail }»)
    }.
    .mend = Нужен полный GeoJSON, GeoPackage или Shapefile (.shp, .shx и .dbf) либо их zip-архив. Ничего не изменено.
refusal-boundaries-too-large = Размер файла { $received } МБ; читается не больше { $expected } МБ.
    .mend = Оставьте в нём только слои регионов и районов. Ничего не изменено.
refusal-boundaries-crs = Система координат файла ({ $received }) неизвестна.
    .mend = Добавьте его файл .prj или сохраните в WGS 84 (EPSG:4326). Ничего не изменено.
refusal-boundaries-no-areas = В файле нет площадных объектов.
    .mend = Нужен слой полигонов. Ничего не изменено.
refusal-boundaries-swapped = Файл охватывает { $received }: долгота и широта переставлены.
    .mend = Сохраните его с долготой на первом месте, как требует RFC 7946. Ничего не изменено.
refusal-boundaries-elsewhere = Файл охватывает { $received }, это не Казахстан ({ $expected }).
    .mend = Проверьте, тот ли это файл и верно ли указана его система координат. Ничего не изменено.
refusal-boundaries-not-regions = В файле объектов: { $received }, из них опознано как нынешние регионы: { $found }; не хватает: { $missing }.
    .mend = Нужны 20 регионов в границах с июня 2022 года и столбец кодов (ADM1_PCODE, KATO или ISO). Ничего не изменено.
refusal-boundaries-mislabelled = Объект с кодом { $received } лежит далеко от своего центра { $expected }: коды в файле, по-видимому, перепутаны.
    .mend = Проверьте столбец кодов. Ничего не изменено.
refusal-boundaries-districts-first = В файле только районы, а официальных регионов, к которым их отнести, ещё нет.
    .mend = Сначала загрузите файл регионов. Ничего не изменено.
refusal-boundaries-district-codes = У районов нет столбца с разным кодом в каждой строке.
    .mend = Добавьте один из столбцов: { $expected }. Ничего не изменено.
refusal-unknown-publisher = Издатель «{ $received }» неизвестен.
    .mend = Выберите одного из этих: { $expected }.
refusal-publisher-empty = В каталоге { $received } нет файла, который можно загрузить.
    .mend = Скачайте границы вручную и выполните «jasyl import boundaries FILE».
boundaries-imported = Загружено из { $file }: теперь используются { $regions } { $regions ->
    [one] регион
    [few] региона
   *[many] регионов
    } и { $districts } { $districts ->
    [one] район
    [few] района
   *[many] районов
    }.
boundaries-note-area = { $code }: площадь { $received } км², опубликованная — { $expected } км².
boundaries-note-mended = Исправлены контуры с самопересечениями: { $codes }.
boundaries-note-nameless = Нет названия у { $number } { $number ->
    [one] района
   *[other] районов
    } на одном из трёх языков; показано название на другом.
boundaries-note-other-region = В файле указан не тот регион, в котором лежат эти районы: { $codes }.
boundaries-note-uncovered = Районы покрывают не всю территорию: { $codes }.
