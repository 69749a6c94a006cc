city-column-parts = Группы
city-column-parts-about = Разбивка: по группе в строке, «sex=female, age=65+: 120 / 400» (оси sex — пол, age — возраст, disability — инвалидность, income — доход, district — район); одно значение — «= 31.5», в [ ] — сколько за ним человек. Группы меньше трёх человек видят только те, кто ведёт книгу; в открытой копии это «disability=yes: *», и такая группа остаётся как была.
city-breakdown = Разбивка
refusal-city-breakdown = «{ $received }» — не группа; ожидается: { $expected }.
    .mend = Пишите по группе в строке: ось=группа, двоеточие, сосчитано / из скольких; в названии группы нет запятой, двоеточия, точки с запятой и знака равенства.
refusal-city-breakdown-alone = У { $point } есть группы при { $received }.
    .mend = Дайте и число самой точки данных в её единице: группы — его части.
refusal-city-breakdown-twice = Группа «{ $received }» у { $point } записана дважды.
    .mend = Оставьте одну.
refusal-city-breakdown-above = Группы { $point } в сумме больше целого: { $received } против { $expected }.
    .mend = Исправьте группы или целое; человек относится к одной группе каждой оси.
refusal-city-breakdown-closed = Группа «{ $received }» у { $point } в этом файле закрыта, но в книге такой группы нет.
    .mend = Дайте её числа или уберите строку.
city-group-female = женщины
city-group-male = мужчины
city-group-yes = да
city-group-no = нет
