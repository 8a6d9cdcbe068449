"""A program with two forked workers, like a web server."""

import os
import time

for _ in range(2):
    if os.fork() == 0:
        break
while True:
    time.sleep(1)
