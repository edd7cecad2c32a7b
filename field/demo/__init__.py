"""A made-up urban village in a real district: everybody in it is invented and named so."""
