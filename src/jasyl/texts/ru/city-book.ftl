refusal-city-numerator-only = У точки данных { $point } есть числитель ({ $received }), но нет знаменателя: значения не получить.
    .mend = Укажите и знаменатель. Если это уже готовое значение, перенесите его в столбец значения.
refusal-city-denominator-only = У точки данных { $point } есть знаменатель ({ $received }), но нет ни числителя, ни значения.
    .mend = Укажите числитель или значение либо поставьте статус «не сообщено».
refusal-city-denominator-zero = Знаменатель точки данных { $point } равен нулю.
    .mend = Укажите, с чем сравнивается, либо оставьте числитель и знаменатель пустыми и поставьте статус.
refusal-city-negative = { $point }: число здесь меньше нуля: { $received }.
    .mend = Введите число не меньше нуля: количества и доли этого каталога не бывают отрицательными.
refusal-city-direct-value = { $point } — прямое значение, а число { $received } стоит в числителе.
    .mend = Перенесите его в столбец значения: у этой точки данных нет числителя.
refusal-city-yes-no = На { $point } отвечают «да» или «нет», а не { $received }.
    .mend = Напишите 1 (да) или 0 (нет).
refusal-city-number-beside-status = У { $point } есть число, но статус — «{ $received ->
        [reported] { indicator-status-reported }
        [partly] { indicator-status-partly }
        [not_reported] { indicator-status-not-reported }
        [not_verified] { indicator-status-not-verified }
        [not_verifiable] { indicator-status-not-verifiable }
        [not_applicable] { indicator-status-not-applicable }
       *[other] { $received }
    }».
    .mend = Поставьте статус «сообщено» или уберите число.
refusal-city-nothing-reported = У { $point } статус «{ $received ->
        [reported] { indicator-status-reported }
        [partly] { indicator-status-partly }
        [not_reported] { indicator-status-not-reported }
        [not_verified] { indicator-status-not-verified }
        [not_verifiable] { indicator-status-not-verifiable }
        [not_applicable] { indicator-status-not-applicable }
       *[other] { $received }
    }», но числа нет.
    .mend = Введите число или поставьте статус «не сообщено». Пустая ячейка — это не ноль.
refusal-city-unit-unknown = { $point } дано в «{ $received }»; перевести это в { $expected ->
        [percent] %
       *[other] { $expected }
    } нечем.
    .mend = Переведите значение сами и дайте его в единице точки данных; у частиц (PM2,5, PM10) ppm не бывает.
refusal-city-currency = { $point } — денежная сумма без валюты; получено: { $received }.
    .mend = Укажите валюту кодом ISO 4217 в столбце единицы: { $expected }
refusal-city-percent-above = { $point } составляет { $received }; доля целого лежит в пределах { $expected }.
    .mend = Проверьте числитель и знаменатель: одна единица, один год, часть не больше целого.
refusal-city-coefficient = { $point } — коэффициент { $expected }, получено: { $received }.
    .mend = Если это проценты, разделите на 100.
refusal-city-value-contradicts = Значение { $point } — { $received }, а числитель и знаменатель дают { $expected }.
    .mend = Исправьте то, что неверно, или оставьте значение пустым: тогда оно вычисляется.
refusal-city-population-divided = Знаменатель { $point } — { $received }: население уже разделено на 100 000.
    .mend = Укажите всё население ({ $expected }): множитель применяется здесь.
refusal-city-air-unit = { $point }: { $received } — чище любого воздуха, измеренного за год; вероятно, имелась в виду другая единица: { $expected }.
    .mend = Дайте значение в мкг/м³ или назовите его единицу (ppm, ppb, mg/m3) в столбце единицы.
refusal-city-two-populations = { $point } опирается на другое население ({ $received }), чем { $points } ({ $expected }).
    .mend = Во всей книге берите одно число на одну дату; если имеется в виду часть, скажите это в примечании.
refusal-city-two-households = { $point } опирается на другое число домохозяйств ({ $received }), чем { $points } ({ $expected }).
    .mend = Во всей книге берите одно число на одну дату; если имеется в виду часть, скажите это в примечании.
refusal-city-two-areas = { $point } опирается на другую площадь города ({ $received }), чем { $points } ({ $expected }).
    .mend = Во всей книге берите одну границу: сам город или агломерацию, но не обе.
refusal-city-households-inhabitants = Домохозяйства в { $point } ({ $received }) — вероятно, жители: в каждом жило бы меньше 1,4 человека.
    .mend = Считайте домохозяйства, а не людей; ожидается: { $expected }.
refusal-city-factor-one = Значение { $point } ({ $received }) — само число; на 100 000 жителей этого города выходит { $expected }.
    .mend = Оставьте значение пустым: оно вычисляется из числителя и населения.
refusal-city-two-gdp = { $point } опирается на другой валовой продукт города ({ $received }), чем { $points } ({ $expected }).
    .mend = Берите один валовой продукт за один год и в одной валюте.
refusal-city-shares = Доли { $points } в сумме дают { $received }; ожидается: { $expected }.
    .mend = Сверьте части с одним итогом; остаток относится к «прочему».
refusal-city-wastewater = { $point } больше предыдущей ступени: { $received }.
    .mend = Ступени очистки накопительные: третичная входит и во вторичную, и в первичную.
refusal-city-group-population = Знаменатель { $point } ({ $received }) велик, как всё население; ожидается: { $expected }.
    .mend = Укажите ту группу, которую называет точка данных: живорождённых или детей 0–3 лет.
refusal-city-unit-converted = { $point } пересчитано: { $received } = { $expected }.
    .mend = Проверьте множитель; исходное число сохранено в примечании.
refusal-city-research-high = { $point } — { $received } валового продукта города; обычно: { $expected }.
    .mend = Проверьте обе суммы и долю по стране: исследования иногда учтены по месту головного офиса.
refusal-city-nearly-all = { $point } — { $received }; обычно: { $expected }.
    .mend = Проверьте базу (домохозяйства, а не люди) и источник; поясните, если значение действительно такое низкое.
refusal-city-value-only = Для { $point } дан только результат ({ $received }), без числителя и знаменателя.
    .mend = Укажите и их либо скажите в примечании, откуда результат.
refusal-city-quality-missing = У { $point } есть число, но не указано: { $expected ->
        [origin] { city-column-origin }
        [quality] { city-column-quality }
       *[other] { city-column-origin }, { city-column-quality }
    }.
    .mend = Выберите, откуда число и каково его качество; за вас ничего не подставляется.
refusal-city-boundary-mixed = Числа одного города расходятся на пятую часть и больше: { $received }.
    .mend = Проверьте, не смешаны ли сам город и его агломерация.
refusal-city-prefilled-changed = Знаменатель { $point } в шаблоне был { $expected }, теперь { $received }.
    .mend = Поясните в примечании почему или верните число города.
refusal-city-gdp-missing = Валового продукта города в книге нет, хотя на него опираются: { $expected }.
    .mend = Внесите base.gdp с валютой и годом, к которому он относится.
refusal-city-gdp-undated = Не сказано, за какой год валовой продукт города.
    .mend = Укажите год в столбце даты, например { $expected }.
refusal-city-gdp-uncompared = Валовой продукт города не с чем сравнить; показатель страны: { $received }, нужен в: { $expected }.
    .mend = Внесите base.national_gdp_per_head в той же валюте, с источником в примечании.
refusal-city-gdp-implausible = Валовой продукт города на душу населения ({ $received }) далёк от показателя страны; ожидается: { $expected }.
    .mend = Проверьте единицу (миллионы?), валюту, год и границу.
refusal-city-many-missing = Не сообщено { $received } точек данных; верификатор спрашивает, если их больше пятой части ({ $expected }).
    .mend = Сообщите то, что есть, и отметьте «неприменимо» то, чего в городе быть не может.
refusal-city-order = { $point } обычно не больше, чем { $points }: { $received }.
    .mend = Проверьте оба; если так и есть, поясните в примечании.
refusal-city-unknown = Города «{ $received }» нет.
    .mend = Укажите код ISO города республиканского значения или код КАТО населённого пункта: { $expected }.
refusal-city-year = «{ $received }» — не год книги.
    .mend = Укажите год четырьмя цифрами: { $expected }.
refusal-city-reason-missing = { $received }: система предложила число, а введено другое без объяснения.
    .mend = Скажите почему или примите предложение.
refusal-city-evidence-unknown = { $point }: нет сохранённого файла с SHA-256 «{ $received }».
    .mend = Сначала загрузите файл на странице книги; там показан его хеш.
refusal-city-evidence-kind = Файлы вроде «{ $received }» не хранятся как подтверждение.
    .mend = Дайте один из этих видов: { $expected }.
refusal-city-evidence-empty = Файл «{ $received }» пуст.
    .mend = Выберите файл ещё раз.
refusal-city-evidence-lost = Сохранённый файл «{ $received }» пропал или его SHA-256 уже не { $expected }.
    .mend = Восстановите папку «evidence» из резервной копии и спросите оператора, что произошло.
refusal-city-thread-unknown = В этой книге нет обсуждения «{ $received }».
    .mend = Откройте страницу книги заново и ответьте там.
refusal-city-thread-closed = Обсуждение по { $received } закрыто.
    .mend = Начните новое.
refusal-city-text-empty = Ничего не написано.
    .mend = Напишите, что имеется в виду; «нет» требует причины.
refusal-city-nothing-to-judge = Для { $received } число не введено.
    .mend = Проверить можно только то, что сообщено.
refusal-city-verdict-outdated = { $received } изменилось с тех пор, как вы смотрели.
    .mend = Посмотрите новейшую запись и оцените её.
refusal-city-unjudged = Нет вердикта по новейшей записи, точек данных: { $count } ({ $received }).
    .mend = Скажите по каждой «да» или «нет».
refusal-city-questions-open = Открытых вопросов: { $count } ({ $received }).
    .mend = Закройте каждый, когда на него ответят.
refusal-city-findings-open = Автоматические проверки задали вопросы без ответа: { $count } ({ $received }).
    .mend = Исправьте записи или задайте вопрос в обсуждении и закройте его после ответа.
refusal-city-nothing-verified = В этой книге не подтверждена ни одна точка данных.
    .mend = Сначала оцените записи: аттестация говорит о тех, что признаны правдоподобными.
refusal-city-not-proposed = { $received }: происхождение говорит, что это собственное число системы, но такого она не предлагала.
    .mend = Выберите, откуда число, или примите предложение на странице «Что знает система».
