"""A disk that takes its time: each fsync lasts so many milliseconds longer, by way of strace.

Followed is only what waits for the disk: tracing a program beside costs it more than the disk would.
"""


def through(milliseconds: int) -> list[str]:
    """The words before a command that slow the disk for it and all that it starts."""
    followed = ["strace", "-D", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null"]
    slowed = f"inject=fsync,fdatasync:delay_exit={milliseconds * 1000}"
    return [*followed, "-e", "trace=fsync,fdatasync", "-e", slowed]
