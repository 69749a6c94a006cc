training-register = Ойдан шығарылған кәсіпорындар мен нысандар
training-readings = Жасалған көрсеткіштер, тәулік сайын мөрленген
training-figures = Сандар, жарияланымдар және түзетулер
refusal-training-folder = { $received } қалтасында нақты деректер бар; оқу деректері олармен араласып кетер еді.
    .mend = Бөлек қалта жасаңыз: jasyl init --starter training --data DIR.
refusal-training-loaded = { $received } қалтасында нысандар бұрыннан бар.
    .mend = Оқу деректерін жаңа қалтаға жүктеңіз.
