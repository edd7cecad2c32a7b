"""Two entries that may be one: visits at one door, people, addresses; and answers that contradict each other."""
