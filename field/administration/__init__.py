"""Pages of administrators and the data protection officer; they name areas and departments, so they rank above them."""
