"""What a district has set for its visits; set once at the start, as the keys are."""

REGISTER_AT = ("acceptance", "approval")

_register_at = REGISTER_AT[0]


def use_rules(register_at: str) -> None:
    """Let the register follow a visit when it arrives, or when a lead has approved it."""
    global _register_at  # noqa: PLW0603 like the keys: one process serves one installation
    _register_at = register_at


def at_once() -> bool:
    """Whether the register follows a visit when it arrives."""
    return _register_at == REGISTER_AT[0]
