# Қалалардың беттері, суреттері және қағаздары.
wheel-alternative = Көрсеткіштер дөңгелегі: { $name }, { $year } жыл; { $of } дерек нүктесінің { $scored } бағаланды. Төмендегі кестелерде де сол мәліметтер бар.
wheel-scored = { $of } ішінен { $scored } бағаланды
wheel-group = { $name }: { $share }, жолақ { $band }; { $of } дерек нүктесінің { $scored } бағаланды
wheel-point = { $name }: мәні { $value }, жолақ { $band }, 4 балдан { $points }
wheel-point-open = { $name }: жолағы жоқ, { $reason }
radar-alternative = Санаттар радары: { $dimension } ({ $books }), мүмкін балдардың пайызы: { $values }
rank-open = { $count } ішінде { $best }–{ $worst }-орын
city-nothing-scored = ештеңе бағаланбаған
rank-alternative = Баға және жетіспейтін деректер қалдыратын аралық: { $values }
