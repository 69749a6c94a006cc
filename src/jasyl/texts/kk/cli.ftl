init-done = { $path } қалтасы дайын.
init-password = Бірінші тіркелгі: { $name }; құпиясөз: { $password } (бір рет қана көрсетіледі).
serve-address = Жасыл жұмыс істеп тұр: { $address } (тоқтату: Ctrl-C)
serve-ended = Сервер тоқтады.

refusal-unknown-starter = «{ $received }» бастапқы жинағы жоқ.
    .mend = Мыналардың бірін таңдаңыз: { $expected }.
refusal-port-taken = { NUMBER($received, useGrouping: 0) } порты бос емес.
    .mend = Басқасын таңдаңыз, мысалы: make run PORT={ NUMBER($other, useGrouping: 0) }.
refusal-port-forbidden = { NUMBER($received, useGrouping: 0) } портын ашу мүмкін емес ({ $reason }).
    .mend = 1024-тен жоғары портты немесе басқа мекенжайды таңдаңыз.
init-step-tables = Кестелер құрылуда …
init-step-regions = Өңірлер жүктелуде …
init-step-facilities = Нысандар, бағдарламалар, фактілер жүктелуде …
init-step-readings = Эталондық қондырғының көрсеткіштері мөрленуде …
init-step-atlas = Ашық аспан картасы есептелуде …
init-step-log = Журналға жазылуда және қол қойылуда …

refusal-data-folder-not-empty = { $received } қалтасы бос емес.
    .mend = Бос немесе жаңа қалтаны көрсетіңіз; ішіндегі ештеңе өзгертілмеді.
