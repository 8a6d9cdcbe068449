"""Start a worker: python -m services.contracts.messaging.run services.booking.service:BookingService

The configuration is the config.yml beside the service, filled in by configuration.py. nameko's own
command does the same work, but takes a missing name for an empty text and needs a package that no
longer comes with Python.
"""

import os

# eventlet's own resolver costs 10 MB in each process; names are looked up when a connection opens, which is rare.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

import eventlet

eventlet.monkey_patch()  # before anything that opens a socket is imported

import argparse  # noqa: E402
import importlib  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from nameko.cli.run import run  # noqa: E402

from services.contracts.messaging import structured_log  # noqa: E402
from services.contracts.messaging.configuration import MissingSettings, read_config  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description="Start a worker of a service.")
    parser.add_argument("service", help="module:Class")
    parser.add_argument("--config", type=Path, help="config.yml beside the module, unless given")
    arguments = parser.parse_args()
    module, _, name = arguments.service.partition(":")
    path = arguments.config or Path(*module.split(".")).parent / "config.yml"
    try:
        config = read_config(path.read_text(encoding="utf-8"), os.environ)
    except MissingSettings as missing:
        print(f"{arguments.service}: set {missing} (see deploy/env.example)", file=sys.stderr)
        return 2
    structured_log.configure(config["LOG_LEVEL"])
    run([getattr(importlib.import_module(module), name)], config)
    return 0


if __name__ == "__main__":
    sys.exit(main())
