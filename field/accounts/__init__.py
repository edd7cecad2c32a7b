"""People who use the program, what each may do and where, and the phones they use."""
