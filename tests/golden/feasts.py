"""Writes feasts.csv: when moving feasts fall from 2000 to 2040, by other people's calendars.

Needs: pip install holidays lunardate convertdate hijridate
Use: python feasts.py > feasts.csv
Chinese feasts: lunardate. Qingming: the holiday tables of `holidays` for Hong Kong. Easter: dateutil. Islamic days, of every Islamic
year that begins one of them in these years: the tabular calendar of convertdate (civil epoch), and Umm al-Qura of hijridate beside
it, which the moon's sighting follows more closely. Diwali: the holiday tables of `holidays` for India.
"""
import datetime

import convertdate.islamic as tabular
import holidays
from dateutil.easter import easter
from hijridate import Hijri
from lunardate import LunarDate

YEARS = range(2000, 2041)


def chinese(year, month, day):
    return LunarDate(year, month, day).to_solar_date()


def named(country, words, year):
    table = getattr(holidays, country)(years=year, observed=False, language="en_US")
    days = [day for day, name in table.items() if any(word in name for word in words) and "Observed" not in name and "ubstitute" not in name]
    return min(days) if days else None


rows = []
for year in YEARS:
    rows.append(("spring-festival", chinese(year, 1, 1)))
    rows.append(("lantern", chinese(year, 1, 15)))
    rows.append(("dragon-boat", chinese(year, 5, 5)))
    rows.append(("qixi", chinese(year, 7, 7)))
    rows.append(("mid-autumn", chinese(year, 8, 15)))
    rows.append(("qingming", named("HK", ["Ching Ming", "Tomb-Sweeping"], year)))
    rows.append(("easter", easter(year)))
    rows.append(("diwali", named("India", ["Diwali", "Deepavali"], year)))
for hijri in range(1419, 1465):
    for name, month, day in [("ramadan", 9, 1), ("eid-al-fitr", 10, 1), ("eid-al-adha", 12, 10)]:
        date = datetime.date(*tabular.to_gregorian(hijri, month, day))
        if date.year in YEARS:
            rows.append((name, date))
            rows.append((name + "-umm-al-qura", Hijri(hijri, month, day).to_gregorian()))
by_feast = {}
for name, date in rows:
    if date:
        by_feast.setdefault(name, []).append(f"{date:%Y-%m-%d}")
for name, dates in sorted(by_feast.items()):
    print(",".join([name, *sorted(dates)]))
