"""Metering sheets in the ways utilities lay them out, made of one and the same truth: what each meter counted when."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

import openpyxl

UTC, ALMATY = dt.UTC, ZoneInfo("Asia/Almaty")
HOUR = dt.timedelta(hours=1)
METERS = ("Ввод 1 №00123456", "Ввод 2 №00123457")


def truth(meter, start):
    """kWh of the hour that begins at ``start``: a number of three decimals that tells meter and hour apart."""
    hours = int((start - dt.datetime(2024, 1, 1, tzinfo=UTC)) / HOUR)
    return round(100 * (meter + 1) + (hours % 1000) / 10 + 0.005, 3)


def hours_of(day):
    """Beginnings of the hours of a civil day in Almaty: 25 on 2024-02-29."""
    start = dt.datetime.combine(day, dt.time(), ALMATY).astimezone(UTC)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ALMATY).astimezone(UTC)
    return [start + HOUR * n for n in range(int((end - start) / HOUR))]


def days_of(year, month, count=None):
    first = dt.date(year, month, 1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return [first + dt.timedelta(days=n) for n in range(count or (following - first).days)]


def comma(value, digits=3):
    return f"{value:,.{digits}f}".replace(",", "\u00a0").replace(".", ",")


def hours_across(days, label="{a}-{b}", meter=0, total=True):
    """Days down, hours across, a total at the right and below: the commonest sheet."""
    most = max(len(hours_of(day)) for day in days)
    heads = [label.format(a=min(n, 23), b=min(n, 23) + 1, n=n + 1) for n in range(most)]
    rows = [["Отчёт о почасовом потреблении"], ["Счётчик №00123456", None, "кВт·ч"], []]
    rows.append(["Дата", *heads, *(["Итого"] if total else [])])
    sums = [0.0] * most
    for day in days:
        values = [truth(meter, start) for start in hours_of(day)]
        sums = [a + b for a, b in zip(sums, values + [0.0] * most, strict=False)]
        line = [day.strftime("%d.%m.%Y"), *values, *[None] * (most - len(values))]
        rows.append(line + ([round(sum(values), 3)] if total else []))
    if total:
        rows.append(["Итого", *(round(each, 3) for each in sums), round(sum(sums), 3)])
    return rows


def days_across(days, meter=0):
    """Hours down as 1:00 … 24:00, numbers of days across, the month in the title."""
    rows = [
        [f"Почасовые значения активной энергии за март {days[0].year} г., кВт·ч"],
        ["Час", *(d.day for d in days), "Всего"],
    ]
    for hour in range(24):
        values = [truth(meter, hours_of(day)[hour]) for day in days]
        rows.append([f"{hour + 1}:00", *values, round(sum(values), 3)])
    return rows


def side_by_side(days):
    """Two meters side by side under merged heads, dates as date cells."""
    rows = [["Ведомость"], [None, METERS[0], *[None] * 23, METERS[1], *[None] * 23]]
    rows.append([None, *["кВт·ч", *[None] * 23] * 2])
    rows.append(["Дата", *[f"{h:02}:00-{h + 1:02}:00" for h in range(24)] * 2])
    for day in days:
        rows.append([dt.datetime.combine(day, dt.time()), *(truth(m, s) for m in (0, 1) for s in hours_of(day))])
    return rows


def meters_down(days):
    """A line for each day and meter: date merged over its meters, number of the meter, hours 1 to 24."""
    rows = [["№ п/п", "Дата", "Точка учёта", "Ед. изм.", *range(1, 25), "Сумма"]]
    number = 0
    for day in days:
        for meter, name in enumerate(METERS):
            number += 1
            values = [truth(meter, start) for start in hours_of(day)]
            date = day.strftime("%d.%m.%Y") if meter == 0 else None
            rows.append([number, date, name, "кВт*ч", *values, round(sum(values), 3)])
    return rows


def long_by_meter(days):
    """Date and time (end-stamped, midnight as 00:00 of the next day) beside a column for each meter."""
    rows = [["Дата", "Время", *(f"{name}, кВт·ч" for name in METERS)]]
    for day in days:
        for start in hours_of(day):
            end = (start + HOUR).astimezone(ALMATY)
            rows.append([end.strftime("%d.%m.%Y"), end.strftime("%H:%M"), *(truth(m, start) for m in (0, 1))])
    return rows


def long_with_units(days):
    """A line for each interval and meter, the unit behind the value."""
    rows = [["Счётчик", "Дата и время", "Значение", "Ед. изм."]]
    for meter, name in enumerate(METERS):
        for start in (start for day in days for start in hours_of(day)):
            rows.append([name, start.astimezone(ALMATY).strftime("%d.%m.%Y %H:%M"), truth(meter, start), "кВт·ч"])
    return rows


def months_across(year, meter=0):
    """Days down, months across: amounts of whole days."""
    names = ["январь", "февраль", "март", "апрель"]
    rows = [[f"Суточный отпуск тепла, Гкал, {year} год"], ["Число", *(f"{name} {year}" for name in names)]]
    for day in range(1, 32):
        line = [day]
        for month in range(1, 5):
            try:
                line.append(float(day * 100 + month + meter))
                dt.date(year, month, day)
            except ValueError:
                line[-1] = None
        rows.append(line)
    return rows


def as_csv(rows, encoding="cp1251"):
    def cell(value):
        if isinstance(value, float):
            return comma(value)
        if isinstance(value, dt.datetime):
            return value.strftime("%d.%m.%Y")
        return "" if value is None else str(value)

    width = max(map(len, rows))
    return "\r\n".join(";".join([*map(cell, row), *[""] * (width - len(row))]) for row in rows).encode(encoding)


def as_xlsx(rows, merges=(), sheet="Лист1"):
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for area in merges:
        page.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
