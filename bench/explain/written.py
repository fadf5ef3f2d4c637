"""docs/explain.md, from what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.explain.plans import MANY, Read

Explained = tuple[str, str, list[Read]]

HEAD = """# What PostgreSQL reads for each list

Every filter, order and search of the API's lists, the back office's and My account's, asked of {purchases} purchases
with about ten lines each, and what the plan that PostgreSQL took then read of tables with more than 20,000 rows:
which table, by which index, and how many rows, those included that a condition then left out. Numbers are rounded up
to a power of ten, so a table that is filled anew changes little here.

`python -m bench.explain` writes this page, from the database of `DATABASE_URL` (`manage.py demo --scale 1000000` fills
one), and ends with an error when a large table is read from its first row on and further than 10,000 rows. Lists that
read no large table are left out; what reads the same stands together. What is looked for is an order of long ago, of
the largest company, which has a tenth of all. `…` is a value of the data.

## What still grows

"""
GROWS = """\
These read more than {many:,} rows. What is counted (`count=true`) is read. Searches of the catalogue for a word that
thousands have grow with the catalogue, not with orders. In the order of placing
`dates[last_updated][lte]` passes over what was changed later; with `order_by=-updated_at` it reads its page alone.
Lists of what is still to come grow with what is open, not with what was delivered. The back office counts up to 10,000
rows above a list: of what few have it reads further for that number than for the list. Packages have no index by state
or date of shipping, which every write of a purchase would pay for: whoever knows the customer or the purchase finds
them quicker from there.

| asked | rows |
| --- | --- |
"""
NONE = "Nothing: no list reads more than {many:,} rows.\n"


def page_of(explained: Sequence[Explained], *, purchases: int) -> tuple[str, list[str]]:
    """The page, and what reads a large table from its first row on."""
    text = HEAD.format(purchases=f"{round(purchases, -3):,}")
    growing = [(asked, read) for _area, asked, reads in explained for read in _most(reads) if read.rows > MANY]
    text += (GROWS if growing else NONE).format(many=MANY - 1)
    of_asked: dict[str, list[Read]] = {}
    for asked, read in dict.fromkeys(growing):
        of_asked.setdefault(asked, []).append(read)
    text += _rows(of_asked)
    for area in dict.fromkeys(area for area, _asked, _reads in explained):
        text += f"\n## {area}\n\n| asked | reads |\n| --- | --- |\n"
        text += _rows({asked: _most(reads) for own, asked, reads in explained if own == area and reads})
    return text, [asked for _area, asked, reads in explained if any(read.is_whole for read in reads)]


def _rows(of_asked: Mapping[str, Sequence[Read]]) -> str:
    """Rows of a table; what reads the same stands together."""
    alike: dict[str, list[str]] = {}
    for asked, reads in of_asked.items():
        alike.setdefault("; ".join(sorted(str(read) for read in reads)), []).append(f"`{_cell(asked)}`")
    return "".join(f"| {', '.join(names)} | {reads} |\n" for reads, names in alike.items())


def _most(reads: Sequence[Read]) -> list[Read]:
    """Of what several statements read in the same place, the most."""
    most: dict[tuple[str, str | None], Read] = {}
    for read in sorted(reads, key=lambda read: read.rows):
        most[read.table, read.index] = read
    return list(most.values())


def _cell(asked: str) -> str:
    return asked.replace("|", "\\|")
