# Страницы, картинки и бумаги городов.
wheel-alternative = Колесо показателей: { $name }, { $year } год; оценено { $scored } из { $of } точек данных. Таблицы ниже содержат то же.
wheel-scored = оценено { $scored } из { $of }
wheel-group = { $name }: { $share }, полоса { $band }; оценено { $scored } из { $of } точек данных
wheel-point = { $name }: значение { $value }, полоса { $band }, баллов { $points } из 4
wheel-point-open = { $name }: без полосы, { $reason }
radar-alternative = Радар категорий: { $dimension } ({ $books }), процент возможных баллов: { $values }
rank-open = место от { $best } до { $worst } из { $count }
city-nothing-scored = ничего не оценено
rank-alternative = Оценка и размах, который оставляют недостающие данные: { $values }
