inventory-sheet-parameters = Әдістер
inventory-sheet-methods = Әдістерге не керек
inventory-field-activity = Қызмет (id)
inventory-column-method-of = Әдіс («of» параметрі)
inventory-column-method-parameter = Параметр
inventory-column-method-required = Міндетті (!)
refusal-inventory-parameter-activity = Параметрлер «{ $received }» үшін берілген, бірақ кітапта мұндай қызмет жоқ немесе параметрдің аты жоқ.
    .mend = Қызметтің id-ін және параметрдің атын жазыңыз (үлгінің «Әдістерге не керек» парағы).
refusal-inventory-stock-missing = «{ $received }» жер түрінің көміртек қоры жоқ; берілгені: { $expected }.
    .mend = Әр жер түріне дейінгі және кейінгі коэффициентті kg C/m2 бірлігімен атаңыз.
refusal-inventory-road-mixed = Сапарлар «{ $received }» әдісімен есептелген, ал түгендеуде { $expected } көрсетілген.
    .mend = Бүкіл түгендеуде автокөлікке бір әдіс қолданыңыз.
inventory-method-first-order-decay = бірінші ретті ыдырау
inventory-method-methane-commitment = метан әлеуеті
inventory-method-composting = компосттау
inventory-method-digestion = анаэробты ашыту
inventory-method-incineration = қалдықтарды жағу
inventory-method-open-burning = ашық жағу
inventory-method-wastewater = сарқынды су
inventory-method-travel = сапарлар
inventory-method-refrigerants = фторлы газ теңгерімі
inventory-method-carbonates = карбонаттарды күйдіру
inventory-method-livestock = мал шаруашылығы
inventory-method-manure-nitrogen = көң азоты
inventory-method-soils = топырақтағы азот
inventory-method-liming = әктеу
inventory-method-stock-difference = көміртек қорының айырмасы
inventory-method-land-converted = жерді ауыстыру
inventory-method-plant-report = кәсіпорын есебі
inventory-column-way = Қалай есептелген
inventory-way = { $method } ({ $equations }); { $count ->
    [0] коэффициентсіз
   *[other] { $count } коэффициент
}
inventory-kind-default = әдістің әдепкі мәні
