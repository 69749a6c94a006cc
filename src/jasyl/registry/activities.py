"""Economic activity: sections of OKED, which follows NACE Rev. 2 (divisions 01–99 in sections A–U)."""

# Section and its last division, Regulation (EC) No 1893/2006; a division belongs to the first section that reaches it.
_LAST_DIVISION = (
    ("A", 3), ("B", 9), ("C", 33), ("D", 35), ("E", 39), ("F", 43), ("G", 47), ("H", 53), ("I", 56), ("J", 63),
    ("K", 66), ("L", 68), ("M", 75), ("N", 82), ("O", 84), ("P", 85), ("Q", 88), ("R", 93), ("S", 96), ("T", 98),
    ("U", 99),
)  # fmt: skip
ACTIVITY_SECTIONS = tuple(section for section, _ in _LAST_DIVISION)
# Divisions that NACE leaves out: a code there is a mistake, not an activity.
_UNUSED = frozenset({0, 4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89})


def activity_section(code: str | None) -> str | None:
    """The section letter of an OKED code as people write it (``D``, ``35``, ``35.11``), None where there is none."""
    text = (code or "").strip().upper()
    if text[:1] in ACTIVITY_SECTIONS:
        return text[0]
    if not text[:2].isdigit() or len(text) < 2:
        return None
    division = int(text[:2])
    if division in _UNUSED:
        return None
    return next((section for section, last in _LAST_DIVISION if division <= last), None)
