"""What is measured, and how: `make bench` prints it all from one run on one machine.

Absolute figures belong to the machine; the ratios to the raw database and to a plain call,
measured in the same minute, are what to compare.
"""
