city-column-parts = Топтар
city-column-parts-about = Бөлініс: әр жолда бір топ, «sex=female, age=65+: 120 / 400» (өстері: sex — жыныс, age — жас, disability — мүгедектік, income — табыс, district — аудан); тек мәні болса «= 31.5», [ ] ішінде — артында неше адам тұрғаны. Үш адамнан аз топтарды кітапты жүргізетіндер ғана көреді; ашық көшірмеде ол «disability=yes: *» деп тұрады, сонда топ бұрынғысынша қалады.
city-breakdown = Бөлініс
refusal-city-breakdown = «{ $received }» топ емес; күтілетіні: { $expected }.
    .mend = Әр жолға бір топ жазыңыз: өс=топ, қос нүкте, саналғаны / қаншаның ішінен; топ атында үтір, қос нүкте, нүктелі үтір және теңдік белгісі болмайды.
refusal-city-breakdown-alone = { $point } нүктесінде { $received } жанында топтар бар.
    .mend = Деректер нүктесінің өз санын да өз бірлігінде беріңіз: топтар соның бөліктері.
refusal-city-breakdown-twice = { $point } нүктесінің «{ $received }» тобы екі рет жазылған.
    .mend = Біреуін қалдырыңыз.
refusal-city-breakdown-above = { $point } топтарының қосындысы тұтастан көп: { $received }, ал тұтасы { $expected }.
    .mend = Топтарды немесе тұтасты түзетіңіз; адам әр өстің бір тобына ғана жатады.
refusal-city-breakdown-closed = { $point } нүктесінің «{ $received }» тобы бұл файлда жабық, бірақ кітапта мұндай топ жоқ.
    .mend = Оның сандарын беріңіз немесе жолды алып тастаңыз.
city-group-female = әйелдер
city-group-male = ерлер
city-group-yes = иә
city-group-no = жоқ
