refusal-unknown-unit = «{ $received }» өлшем бірлігі белгісіз.
    .mend = Мыналардың бірін жазыңыз: { $expected }.
refusal-unit-dimension = { $received } бірлігін { $expected } бірлігіне айналдыруға болмайды: олар әртүрлі шамаларды өлшейді.
    .mend = Шама мен бірлік сәйкес келетінін тексеріңіз.
refusal-unknown-period = «{ $received }» — кезең емес.
    .mend = Былай жазыңыз: { $expected }.
refusal-not-canonical = { $path } орнында { $received } тұр, бұл қол қойылатын жазбаға жарамайды; күтілгені: { $expected }.
    .mend = Санды бүтін немесе ондық мәтін түрінде беріңіз.
