# Кітаптар: орын мен кезең туралы құжаттар.
refusal-unknown-book-kind = { $received } түріндегі кітап жоқ.
    .mend = Мына түрлердің бірін қолданыңыз: { $expected }.
refusal-unknown-book = { $received } идентификаторы бар кітап жоқ.
    .mend = Идентификаторды нұсқалар тізімінен алыңыз.
book-ghg_inventory = Парниктік газдар кадастры
book-plant_report = Нысанның шығарындылар есебі
book-material_account = Материалдық шот
book-building_stock = Ғимараттар қоры
