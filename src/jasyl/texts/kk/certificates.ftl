refusal-certificate-attribute = «{ $received }» түріндегі сертификаттар жоқ.
    .mend = Мыналардың бірін атаңыз: { $expected }.
refusal-certificate-name = «{ $received }» { $field } өрісіне атау бола алмайды.
    .mend = A–Z a–z 0–9 . _ : @ / - таңбаларынан 1–64, біріншісі — әріп не цифр.
refusal-certificate-unknown = { $received } сертификаты жоқ.
    .mend = Тізімін jasyl certificates list береді.
refusal-certificate-taken = { $received } сертификаты бұрыннан бар.
    .mend = Жаңасына басқа атау беріңіз немесе атау бермеңіз: онда ол өзі жасалады.
refusal-certificate-command-reused = { $received } пәрмені бұрын орындалған және ол кезде басқа нәрсе сұраған.
    .mend = Әр жаңа пәрменге өз кілтін беріңіз.
refusal-certificate-range = { $received } — бірліктер аралығы емес.
    .mend = Аралық БАСЫ:СОҢЫ деп жазылады, соңы басынан үлкен, { $expected } ішінде.
refusal-certificate-not-held = { $account } { $received } бірліктерінің бәріне ие емес.
    .mend = Кім неге ие екенін қараңыз: jasyl certificates list.
refusal-certificate-gone = { $received } бірліктерін жылжытуға болмайды: { $at } { $standing ->
        [retired] өтелген
        [cancelled] жойылған
        [exported] шығарылған
       *[expired] мерзімі өткен
    }.
    .mend = Әлі де біреудің иелігіндегі бірліктерді таңдаңыз.
refusal-certificate-to-self = { $received } бірліктерді өзіне өзі бере алмайды.
    .mend = Басқа шотты атаңыз.
refusal-certificate-too-late = { $received } сертификатын осылай пайдалануға болатын уақыт өтіп кетті.
    .mend = Айналым мерзіміне дейін беруге, мерзімі өткенге дейін өтеуге болады.
refusal-certificate-too-early = { $received } сертификатының мерзімі әлі өткен жоқ.
    .mend = Мерзімі өтетін күнді күтіңіз немесе себебін айтып жойыңыз.
refusal-certificate-too-split = Сертификат { $received } бөлікке бөлініп кетер еді; ең көбі { $expected } сақталады.
    .mend = Үлкенірек немесе көршілес аралықтарды жылжытыңыз.
refusal-certificate-malformed = «{ $received }» оқиғасы айтуы тиісті айтпайды: { $reason }.
    .mend = Нұсқаулықтың «Certificates» бетін қараңыз.
refusal-certificate-factor = { $received } коэффициенті «{ $attribute }» түріндегі сертификаттарға сай емес.
    .mend = Коэффициент (Вт·сағ-қа грамм) тек болдырылмаған шығарындылар сертификатында болады, дереккөзімен бірге.
refusal-certificate-interval = { $received } аралығы сай емес.
    .mend = Мөрленген бір тәулік ішіндегі толық сағаттар немесе аталған мөрленген тәуліктердің дәл өзі.
refusal-certificate-device = { $received } құрылғысы мен { $series } қатары бір-біріне жатпайды.
    .mend = Құрылғының қатары біреу және тұрақты; басқа есептегішке басқа құрылғы нөмірін беріңіз.
refusal-certificate-batch = { $received } жазбасы — { $device } сертификаттарын шығаруға болатын мөрленген тәулік емес.
    .mend = Осы қатардың, шамасы сай келетін, күшіндегі мөрленген тәуліктерін қатарынан атаңыз.
refusal-certificate-issued-twice = { $received } үшін осы түрдегі және осы уақыттағы сертификат бар: { $other }.
    .mend = Өлшенген нәрсеге сертификат бір рет шығарылады.
refusal-certificate-above-measured = { $received } шығаруға болмайды: өлшенгені және әлі шығарылмағаны { $expected }.
    .mend = Дәл өлшенгенін, бүтін бірлікке дейін төмен дөңгелектеп шығарыңыз.
refusal-certificate-imported-twice = { $registry } тізілімінен { $received } бірліктері бұрын әкелінген.
    .mend = Әр бірлік бір рет әкелінеді.
refusal-certificate-sold-twice = { $received } осы уақытта өндіргенге сертификат бар: { $other }.
    .mend = Екі тізілімнен де сұраңыз: бір энергияны екі рет сатуға болмайды.
refusal-certificate-not-cancelled = { $registry } дәлелі осы тізілімге шығаруды көрсетпейді («{ $received }»).
    .mend = Басқа тізілімнен бірліктерді осы журналға шығарып, оның дәлелін беруін сұраңыз.
