"""How far the survey is: counts by area, numerator and denominator always together; teams and areas, never persons."""
