"""Areas, buildings and dwellings: where everything happens."""
