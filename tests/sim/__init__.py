"""The simulator: phones, a real server that is killed, a network that fails, drawn from a seed; nothing may be lost."""
