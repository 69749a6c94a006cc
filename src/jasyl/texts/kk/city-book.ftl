refusal-city-numerator-only = { $point } деректер нүктесінің алымы бар ({ $received }), бөлімі жоқ: мәнін есептеу мүмкін емес.
    .mend = Бөлімін де енгізіңіз. Егер бұл дайын мән болса, оны мән бағанына көшіріңіз.
refusal-city-denominator-only = { $point } деректер нүктесінің бөлімі бар ({ $received }), бірақ алымы да, мәні де жоқ.
    .mend = Алымын немесе мәнін енгізіңіз, болмаса мәртебесін «хабарланбаған» деп қойыңыз.
refusal-city-denominator-zero = { $point } деректер нүктесінің бөлімі нөлге тең.
    .mend = Немен салыстырылатынын енгізіңіз немесе алым мен бөлімді бос қалдырып, мәртебесін қойыңыз.
refusal-city-negative = { $point }: мұндағы сан нөлден кіші: { $received }.
    .mend = Нөлден кем емес сан енгізіңіз: бұл каталогтың мөлшерлері мен үлестері теріс болмайды.
refusal-city-direct-value = { $point } — тікелей мән, ал { $received } саны алымда тұр.
    .mend = Оны мән бағанына көшіріңіз: бұл деректер нүктесінің алымы жоқ.
refusal-city-yes-no = { $point } нүктесіне «иә» не «жоқ» деп жауап беріледі, { $received } деп емес.
    .mend = 1 (иә) немесе 0 (жоқ) деп жазыңыз.
refusal-city-number-beside-status = { $point } нүктесінде сан бар, бірақ мәртебесі — «{ $received ->
        [reported] { indicator-status-reported }
        [partly] { indicator-status-partly }
        [not_reported] { indicator-status-not-reported }
        [not_verified] { indicator-status-not-verified }
        [not_verifiable] { indicator-status-not-verifiable }
        [not_applicable] { indicator-status-not-applicable }
       *[other] { $received }
    }».
    .mend = Мәртебесін «хабарланған» деп қойыңыз немесе санды алып тастаңыз.
refusal-city-nothing-reported = { $point } нүктесінің мәртебесі «{ $received ->
        [reported] { indicator-status-reported }
        [partly] { indicator-status-partly }
        [not_reported] { indicator-status-not-reported }
        [not_verified] { indicator-status-not-verified }
        [not_verifiable] { indicator-status-not-verifiable }
        [not_applicable] { indicator-status-not-applicable }
       *[other] { $received }
    }», бірақ саны жоқ.
    .mend = Санды енгізіңіз немесе мәртебесін «хабарланбаған» деп қойыңыз. Бос ұяшық нөл емес.
refusal-city-unit-unknown = { $point } «{ $received }» бірлігінде берілген; оны { $expected ->
        [percent] %
       *[other] { $expected }
    } бірлігіне айналдыру мүмкін емес.
    .mend = Мәнді өзіңіз айналдырып, деректер нүктесінің бірлігінде беріңіз; бөлшектерде (PM2,5, PM10) ppm болмайды.
refusal-city-currency = { $point } — валютасы көрсетілмеген ақша сомасы; алынғаны: { $received }.
    .mend = Бірлік бағанында валютаны ISO 4217 кодымен көрсетіңіз: { $expected }
refusal-city-percent-above = { $point } { $received } болады; бүтіннің үлесі { $expected } аралығында жатады.
    .mend = Алым мен бөлімді тексеріңіз: бір бірлік, бір жыл, бөлік бүтіннен үлкен емес.
refusal-city-coefficient = { $point } — { $expected } коэффициенті, алынғаны: { $received }.
    .mend = Егер бұл пайыз болса, 100-ге бөліңіз.
refusal-city-value-contradicts = { $point } нүктесінің мәні — { $received }, ал алым мен бөлім { $expected } береді.
    .mend = Қатесін түзетіңіз немесе мәнін бос қалдырыңыз: сонда ол есептеледі.
refusal-city-population-divided = { $point } нүктесінің бөлімі — { $received }: халық саны 100 000-ға бөлініп қойған.
    .mend = Халықтың толық санын енгізіңіз ({ $expected }): көбейткіш осында қолданылады.
refusal-city-air-unit = { $point }: { $received } — жыл бойы өлшенген кез келген ауадан таза; басқа бірлік болса керек: { $expected }.
    .mend = Мәнін мкг/м³ бірлігінде беріңіз немесе бірлігін (ppm, ppb, mg/m3) бірлік бағанында атаңыз.
refusal-city-two-populations = { $point } нүктесі { $points } нүктесіндегіден ({ $expected }) басқа халық саны ({ $received }) бойынша есептелген.
    .mend = Бүкіл кітапта бір күнгі бір санды қолданыңыз; бөлігі ғана болса, ескертпеде айтыңыз.
refusal-city-two-households = { $point } нүктесі { $points } нүктесіндегіден ({ $expected }) басқа үй шаруашылықтарының саны ({ $received }) бойынша есептелген.
    .mend = Бүкіл кітапта бір күнгі бір санды қолданыңыз; бөлігі ғана болса, ескертпеде айтыңыз.
refusal-city-two-areas = { $point } нүктесі қаланың { $points } нүктесіндегіден ({ $expected }) басқа ауданы ({ $received }) бойынша есептелген.
    .mend = Бүкіл кітапта бір шекараны қолданыңыз: қаланың өзі немесе агломерация, екеуі қатар емес.
refusal-city-households-inhabitants = { $point } нүктесіндегі үй шаруашылықтары ({ $received }) тұрғындар болса керек: әрқайсысында 1,4 адамнан аз тұрар еді.
    .mend = Адамдарды емес, үй шаруашылықтарын санаңыз; күтілетіні: { $expected }.
refusal-city-factor-one = { $point } мәні ({ $received }) — санның өзі; осы қаланың 100 000 тұрғынына шаққанда { $expected } болады.
    .mend = Мәнін бос қалдырыңыз: ол алым мен халық санынан есептеледі.
refusal-city-two-gdp = { $point } нүктесі қаланың { $points } нүктесіндегіден ({ $expected }) басқа жалпы өнімі ({ $received }) бойынша есептелген.
    .mend = Бір жылдың бір валютадағы бір жалпы өнімін қолданыңыз.
refusal-city-shares = { $points } үлестерінің қосындысы { $received }; күтілетіні: { $expected }.
    .mend = Бөліктерді бір жиынтықпен салыстырыңыз; қалғаны «басқа» бөлігіне жатады.
refusal-city-wastewater = { $point } алдыңғы сатыдан асады: { $received }.
    .mend = Тазарту сатылары жинақталады: үшінші саты екінші мен бірінші сатыға да кіреді.
refusal-city-group-population = { $point } нүктесінің бөлімі ({ $received }) бүкіл халық санындай үлкен; күтілетіні: { $expected }.
    .mend = Деректер нүктесі атаған топты енгізіңіз: тірі туғандар немесе 0–3 жастағы балалар.
refusal-city-unit-converted = { $point } қайта есептелді: { $received } = { $expected }.
    .mend = Көбейткішті тексеріңіз; бастапқы сан ескертпеде сақталды.
refusal-city-research-high = { $point } — қаланың жалпы өнімінің { $received }; әдеттегісі: { $expected }.
    .mend = Екі соманы да, ел бойынша үлесті де тексеріңіз: зерттеулер кейде бас кеңсе орналасқан жерде есепке алынады.
refusal-city-nearly-all = { $point } — { $received }; әдеттегісі: { $expected }.
    .mend = Базаны (адамдар емес, үй шаруашылықтары) және дереккөзді тексеріңіз; мән шынымен төмен болса, түсіндіріңіз.
refusal-city-value-only = { $point } нүктесінің тек нәтижесі берілген ({ $received }), алымы мен бөлімі жоқ.
    .mend = Оларды да енгізіңіз немесе нәтиженің қайдан алынғанын ескертпеде айтыңыз.
refusal-city-quality-missing = { $point } нүктесінде сан бар, бірақ көрсетілмегені: { $expected ->
        [origin] { city-column-origin }
        [quality] { city-column-quality }
       *[other] { city-column-origin }, { city-column-quality }
    }.
    .mend = Санның қайдан алынғанын және сапасын таңдаңыз; сіздің орныңызға ештеңе қойылмайды.
refusal-city-boundary-mixed = Бір қаланың сандары бестен бірге және одан көпке алшақ: { $received }.
    .mend = Қаланың өзі мен агломерациясы араласып кетпегенін тексеріңіз.
refusal-city-prefilled-changed = { $point } нүктесінің бөлімі үлгіде { $expected } болған, енді { $received }.
    .mend = Себебін ескертпеде айтыңыз немесе қаланың санын қайтарыңыз.
refusal-city-gdp-missing = Қаланың жалпы өнімі кітапта жоқ, бірақ оған сүйенетіндер: { $expected }.
    .mend = base.gdp нүктесін валютасымен және қай жылдікі екенімен енгізіңіз.
refusal-city-gdp-undated = Қаланың жалпы өнімі қай жылдікі екені айтылмаған.
    .mend = Күн бағанында жылды көрсетіңіз, мысалы { $expected }.
refusal-city-gdp-uncompared = Қаланың жалпы өнімін еліміздікімен салыстыру мүмкін емес; ел көрсеткіші: { $received }, керек валютасы: { $expected }.
    .mend = base.national_gdp_per_head нүктесін сол валютада, дереккөзін ескертпеде көрсетіп енгізіңіз.
refusal-city-gdp-implausible = Қаланың жан басына шаққандағы жалпы өнімі ({ $received }) еліміздікінен алшақ; күтілетіні: { $expected }.
    .mend = Бірлігін (миллион?), валютасын, жылын және шекарасын тексеріңіз.
refusal-city-many-missing = { $received } деректер нүктесі хабарланбаған; бестен бірінен асса ({ $expected }), верификатор сұрайды.
    .mend = Барын хабарлаңыз, қалада болуы мүмкін еместерін «қолданылмайды» деп белгілеңіз.
refusal-city-order = { $point } әдетте { $points } нүктесінен аспайды: { $received }.
    .mend = Екеуін де тексеріңіз; шынымен солай болса, ескертпеде түсіндіріңіз.
refusal-city-unknown = «{ $received }» қаласы жоқ.
    .mend = Республикалық маңызы бар қаланың ISO кодын немесе елді мекеннің КАТО кодын көрсетіңіз: { $expected }.
refusal-city-year = «{ $received }» — кітап жылы емес.
    .mend = Жылды төрт цифрмен көрсетіңіз: { $expected }.
refusal-city-reason-missing = { $received }: жүйе сан ұсынған, ал басқасы себепсіз енгізілген.
    .mend = Себебін айтыңыз немесе ұсынысты қабылдаңыз.
refusal-city-evidence-unknown = { $point }: SHA-256 «{ $received }» бойынша сақталған файл жоқ.
    .mend = Алдымен файлды кітап бетінде жүктеңіз; хеші сонда көрсетіледі.
refusal-city-evidence-kind = «{ $received }» сияқты файлдар дәлел ретінде сақталмайды.
    .mend = Мына түрлердің бірін беріңіз: { $expected }.
refusal-city-evidence-empty = «{ $received }» файлы бос.
    .mend = Файлды қайта таңдаңыз.
refusal-city-evidence-lost = Сақталған «{ $received }» файлы жоғалған немесе оның SHA-256 мәні енді { $expected } емес.
    .mend = «evidence» қалтасын сақтық көшірмеден қалпына келтіріп, не болғанын оператордан сұраңыз.
refusal-city-thread-unknown = Бұл кітапта «{ $received }» талқылауы жоқ.
    .mend = Кітап бетін қайта ашып, сонда жауап беріңіз.
refusal-city-thread-closed = { $received } бойынша талқылау жабылған.
    .mend = Жаңасын бастаңыз.
refusal-city-text-empty = Ештеңе жазылмаған.
    .mend = Ойыңызды жазыңыз; «жоқ» деген жауаптың себебі керек.
refusal-city-nothing-to-judge = { $received } үшін сан енгізілмеген.
    .mend = Тек хабарланғанды ғана тексеруге болады.
refusal-city-verdict-outdated = { $received } сіз қарағаннан бері өзгерген.
    .mend = Соңғы жазбаны қарап, соны бағалаңыз.
refusal-city-unjudged = { $count } деректер нүктесінің соңғы жазбасы бойынша шешім жоқ: { $received }.
    .mend = Әрқайсысына «иә» не «жоқ» деңіз.
refusal-city-questions-open = Ашық сұрақтар: { $count } ({ $received }).
    .mend = Жауабы берілген соң әрқайсысын жабыңыз.
refusal-city-findings-open = Автоматты тексерулердің жауапсыз сұрақтары: { $count } ({ $received }).
    .mend = Жазбаларды түзетіңіз немесе сұрақты талқылауда қойып, жауабынан кейін жабыңыз.
refusal-city-nothing-verified = Бұл кітапта бірде-бір деректер нүктесі расталмаған.
    .mend = Алдымен жазбаларды бағалаңыз: аттестация нанымды деп танылғандары туралы айтады.
refusal-city-not-proposed = { $received }: шығу тегі бойынша бұл жүйенің өз саны, бірақ жүйе ондай сан ұсынбаған.
    .mend = Санның қайдан алынғанын таңдаңыз немесе «Жүйе не біледі» бетінде ұсынысты қабылдаңыз.
