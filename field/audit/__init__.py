"""Who did what, in a chain that shows any change made to it afterwards."""
