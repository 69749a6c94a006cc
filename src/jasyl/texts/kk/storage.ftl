refusal-no-data-folder = { $received } ішінде Jasyl деректері жоқ.
    .mend = Алдымен «jasyl init --data { $received } --starter kazakhstan» орындаңыз немесе --data арқылы басқа қалтаны көрсетіңіз.
refusal-data-folder-taken = { $received } қалтасында деректер бар.
    .mend = Басқа қалтаны таңдаңыз; бар деректер өзгертілмеді.
refusal-data-folder-unwritable = { $received } қалтасына жазу мүмкін емес ({ $reason }).
    .mend = Қалтаға жазу құқығын беріңіз немесе DATA=… (--data) арқылы басқасын көрсетіңіз.
refusal-folder-in-use = { $path } қалтасының «{ $received }» құлпын басқа процесс ұстап тұр.
    .mend = Ол аяқталғанша күтіңіз немесе оны тоқтатыңыз.
refusal-database-unreachable = { $received } дерекқоры жауап бермейді ({ $reason }).
    .mend = Сервердің іске қосылғанын және мекенжайын тексеріңіз.
refusal-settings-broken = { $received } баптауларын оқу мүмкін емес ({ $reason }).
    .mend = Файлды сақтық көшірмеден қалпына келтіріңіз; онда {"{"}"kind": "real"{"}"} және PostgreSQL болса, дерекқор мекенжайы тұрады.
refusal-database-not-empty = { $received } дерекқоры бос емес: онда басқа орнатудың немесе үзілген іске қосудың кестелері бар (барлығы { $count } кесте).
    .mend = Бос дерекқорды атаңыз немесе ішіндегісі керек болмаса, осыны тазалаңыз (dropdb және createdb); ештеңе өзгертілмеді.
refusal-data-newer = Деректерді Жасылдың жаңарақ нұсқасы жазған ({ $received } пішіні; бұл нұсқа { $expected } дейін біледі).
    .mend = Жаңарақ нұсқаны іске қосыңыз немесе одан бұрынғы көшірмені қалпына келтіріңіз.
refusal-data-older = Деректер ескірек пішінде ({ $received }; бұл нұсқаға { $expected } керек).
    .mend = Серверді бір рет іске қосыңыз, «jasyl serve»: ол жаңартады.
