"""What this product never records (docs: trust): as words of identifiers, and as words of texts people see."""

import re

# Identifiers are split at underscores, hyphens and capitals; a phrase is words that follow one another.
NEVER_NAMED = (
    *("ethnicity", "ethnic", "nationality group", "minority", "race", "minzu"),
    *("religion", "religious", "belief", "faith"),
    *("political", "politics", "party member"),
    *("marital", "marriage", "married", "spouse", "divorced"),
    *("family planning", "birth control", "pregnant", "pregnancy", "fertility"),
    *("blood", "blood type", "height", "weight kg", "alias", "nickname", "former name"),
    *("military", "conscript", "veteran"),
    *("petition", "petitioner", "petitioning", "begging", "beggar"),
    *(
        "vetting",
        "vetted",
        "background check",
        "criminal",
        "control measure",
        "watch list",
        "watchlist",
        "blacklist",
    ),
    *("key person", "key personnel", "focus person", "high risk", "risk", "risk grade", "score", "rating"),
    *("credit score", "suspect", "suspicious"),
    *("face", "faces", "facial", "biometric", "fingerprint", "iris", "voiceprint", "portrait"),
    *("trajectory", "track", "tracks", "whereabouts", "movements", "route history", "mileage", "check in"),
    *("points", "leaderboard"),
)
NEVER_SAID = (
    *(
        "民族",
        "宗教",
        "信仰",
        "政治面貌",
        "党员",
        "婚姻",
        "婚否",
        "配偶",
        "婚育",
        "计生",
        "计划生育",
        "避孕",
        "怀孕",
    ),
    *(
        "血型",
        "身高",
        "曾用名",
        "别名",
        "绰号",
        "兵役",
        "退伍",
        "上访",
        "信访",
        "乞讨",
        "前科",
        "背景审查",
        "核查结果",
    ),
    *(
        "布控",
        "管控措施",
        "列管",
        "重点人",
        "重点人员",
        "高危人员",
        "高风险人",
        "人员等级",
        "风险等级",
        "黑名单",
    ),
    *("人脸", "面部", "指纹", "虹膜", "声纹", "轨迹", "行踪", "积分", "考勤", "打卡", "排名"),
)

# Words that stand on the list and mean something harmless at one place; each with its reason.
HARMLESS = {
    "photos.height": "a picture's height in pixels",
}

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def named_in(identifier: str) -> set[str]:
    """Denied words of an identifier; empty is good."""
    spaced = f" {' '.join(word.lower() for word in _WORDS.findall(identifier))} "
    return {phrase for phrase in NEVER_NAMED if f" {phrase} " in spaced}


def said_in(text: str) -> set[str]:
    """Denied words of a text, Chinese anywhere and English as words."""
    return {phrase for phrase in NEVER_SAID if phrase in text} | named_in(text)
