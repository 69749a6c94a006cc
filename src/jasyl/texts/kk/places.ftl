refusal-unknown-region = «{ $received }» — Қазақстан өңірі емес.
    .mend = Осы кодтардың бірін немесе өңірдің қазақша, орысша не ағылшынша атауын жазыңыз: { $expected }.
refusal-region-divided = «{ $received }» кейін бөлінген облысты білдіреді; оның жері қазір мыналарға кіреді: { $expected }.
    .mend = Орын бүгін жатқан өңірдің кодын жазыңыз.
refusal-unknown-settlement = { $region } ішінде «{ $received }» елді мекені табылмады.
    .mend = Атаудың жазылуы мен өңірді тексеріңіз немесе координаттарын көрсетіңіз.
refusal-settlement-ambiguous = «{ $received }» атауымен бірнеше елді мекен бар: { $expected }.
    .mend = Өңірін де немесе координаттарын көрсетіңіз.
place-warning-outside-region = { $received } нүктесі { $declared } өңірінен { $distance } км тыс жатыр ({ $found } ішінде); шекаралар әзірге тек сызбалық.
refusal-place-outside-region = { $received } нүктесі көрсетілген { $declared } өңірінен { $distance } км тыс жатыр (табылғаны: { $found }).
    .mend = Координаттарды немесе өңірді түзетіңіз.
refusal-place-swapped = { $received } ішінде бойлық пен ендік ауысып кеткен сияқты: нүкте тек кері ретпен Қазақстанда жатады.
    .mend = Алдымен бойлықты (46–88), содан кейін ендікті (40–56) көрсетіңіз.
refusal-not-coordinates = { $received } — градуспен берілген бойлық пен ендік емес.
    .mend = WGS 84 ондық градустарын көрсетіңіз, алдымен бойлық, мысалы 71.43, 51.13.
refusal-unknown-boundary = «{ $received }» коды бар шекара жоқ.
    .mend = Аудандар ресми шекаралар жүктелгеннен кейін ғана болады; кодты тексеріңіз.
refusal-boundaries-damaged = { $received } ішіндегі жүктелген шекаралар оқылмайды.
    .mend = Ресми файлды қайта жүктеңіз немесе сызбалық өңірлерге оралу үшін осы файлды жойыңыз.
refusal-boundaries-unreadable = { $received } файлын шекара ретінде оқу мүмкін емес: { $reason ->
        [absent] мұндай файл жоқ
        [format] бұл GeoJSON те, GeoPackage те, Shapefile де емес
        [parts] қасында Shapefile бөліктері жоқ ({ $detail })
        [shapes] контуры жоқ жолдар бар ({ $detail })
       *[damaged] ол бүлінген немесе үзіліп қалған («{ $detail }»)
    }.
    .mend = Толық GeoJSON, GeoPackage немесе Shapefile (.shp, .shx және .dbf) не олардың zip мұрағатын беріңіз. Ештеңе өзгертілмеді.
refusal-boundaries-too-large = Файлдың көлемі { $received } МБ; ең көбі { $expected } МБ оқылады.
    .mend = Онда тек өңірлер мен аудандар қабаттарын қалдырыңыз. Ештеңе өзгертілмеді.
refusal-boundaries-crs = Файлдың координаттар жүйесі ({ $received }) белгісіз.
    .mend = Оның .prj файлын қосыңыз немесе WGS 84 (EPSG:4326) жүйесінде сақтаңыз. Ештеңе өзгертілмеді.
refusal-boundaries-no-areas = Файлда аумақтар жоқ.
    .mend = Полигондар қабатын беріңіз. Ештеңе өзгертілмеді.
refusal-boundaries-swapped = Файл { $received } аралығын қамтиды: бойлық пен ендік ауысып кеткен.
    .mend = RFC 7946 талабындай бойлықты бірінші жазып сақтаңыз. Ештеңе өзгертілмеді.
refusal-boundaries-elsewhere = Файл { $received } аралығын қамтиды, бұл Қазақстан емес ({ $expected }).
    .mend = Файлдың дұрыстығын және координаттар жүйесінің дұрыс көрсетілгенін тексеріңіз. Ештеңе өзгертілмеді.
refusal-boundaries-not-regions = Файлда { $received } аумақ бар, оның { $found } қазіргі өңір ретінде танылды; жетіспейтіні: { $missing }.
    .mend = 2022 жылғы маусымнан бергі 20 өңірді код бағанымен (ADM1_PCODE, KATO немесе ISO) беріңіз. Ештеңе өзгертілмеді.
refusal-boundaries-mislabelled = { $received } коды бар аумақ өз орталығынан ({ $expected }) алыс жатыр: файлдағы кодтар шатасқан сияқты.
    .mend = Код бағанын тексеріңіз. Ештеңе өзгертілмеді.
refusal-boundaries-districts-first = Файлда тек аудандар бар, ал оларды жатқызатын ресми өңірлер әлі жоқ.
    .mend = Алдымен өңірлер файлын жүктеңіз. Ештеңе өзгертілмеді.
refusal-boundaries-district-codes = Аудандарда әр жолда әртүрлі код тұрған баған жоқ.
    .mend = Мына бағандардың бірін қосыңыз: { $expected }. Ештеңе өзгертілмеді.
refusal-unknown-publisher = «{ $received }» жариялаушысы белгісіз.
    .mend = Мыналардың бірін таңдаңыз: { $expected }.
refusal-publisher-empty = { $received } каталогында жүктеуге болатын файл жоқ.
    .mend = Шекараларды қолмен жүктеп алып, «jasyl import boundaries FILE» орындаңыз.
boundaries-imported = { $file } файлынан жүктелді: енді { $regions } өңір мен { $districts } аудан қолданылады.
boundaries-note-area = { $code }: ауданы { $received } км², жарияланғаны { $expected } км².
boundaries-note-mended = Өзін-өзі қиып өтетін пішіндер түзетілді: { $codes }.
boundaries-note-nameless = { $number } ауданның үш тілдің бірінде атауы жоқ; басқа тілдегі атауы көрсетіледі.
boundaries-note-other-region = Файлда бұл аудандар жатқан өңірден басқа өңір көрсетілген: { $codes }.
boundaries-note-uncovered = Аудандар мына өңірлерді толық қамтымайды: { $codes }.
