"""What narrows a list down, as its address carries it; each list says in a dataclass what can be chosen."""

# By these counts are kept.
_COUNTED = {"state", "area"}
# What every page of a list has in sight, however narrow: its tabs and its search.
_IN_SIGHT = {"state", "turn", "search"}


class Narrowing:
    """Parent of filters: `state` and further choices, empty when any will do."""

    state: str

    @property
    def narrows(self) -> bool:
        """Whether more than the state was chosen."""
        return len(self.as_query()) > 1

    @property
    def filtered(self) -> bool:
        """Whether more than the state was chosen and a text searched for."""
        return bool(self.as_query().keys() - _IN_SIGHT)

    @property
    def is_counted(self) -> bool:
        """Whether how many there are is kept for this."""
        return self.as_query().keys() <= _COUNTED

    def as_query(self) -> dict[str, str]:
        """The arguments of an address that shows the same."""
        chosen = {name: text for name, text in vars(self).items() if text and name != "state"}
        return {"state": self.state} | chosen
