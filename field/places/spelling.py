"""How an address is spelt in Latin letters, so that phones find 人民路 by `rml`, `rmlu` or `renminlu`.

Only readings of single characters are loaded: the dictionary of phrases takes 45 MB in each process. Characters that
are read otherwise in addresses have a second reading here.
"""

import os

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import lazy_pinyin

_ALSO = {
    "长": "chang",
    "重": "chong",
    "乐": "yue",
    "朝": "chao",
    "厦": "xia",
    "都": "du",
    "曾": "zeng",
    "单": "shan",
}


def spelt(text: str) -> str:
    """Syllables and other parts divided by spaces; a second reading stands beside the first: `zhang/chang an lu`."""
    parts = []
    for sign in text:
        if sign.isascii():
            parts.append(sign if sign.isalnum() else " ")
            continue
        reading = " ".join(lazy_pinyin(sign, errors="ignore"))
        also = _ALSO.get(sign, "")
        parts.append(f" {reading}{'/' if also else ''}{also} ")
    return " ".join("".join(parts).lower().split())
