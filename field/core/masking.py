"""Masking of numbers: enough to recognise one's own, too little to use."""


def masked(text: str | None) -> str | None:
    """First three and last four characters, stars between; short numbers keep less (620***********0018)."""
    if not text:
        return None
    head, tail = (3, 4) if len(text) >= 11 else (1, 2) if len(text) >= 5 else (0, 1)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]
