"""What stands beside the states above a list."""

import re


def numbers_of(page: str) -> dict[str, str]:
    """The numbers by the words of their state; states without one are left out."""
    states = re.search(r'<nav class="states" aria-label="State.*?</nav>', page, re.DOTALL)
    assert states, page
    said = re.findall(r'>\s*([^<>]+?)\s*<span class="count[^"]*">([^<]+)</span>', states[0])
    return dict(said)
