"""Makes .venv with exactly what requirements.lock says. Runs on the bare machine's Python."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from packages import install

VENV = Path(".venv")


def ensure_venv_module() -> None:
    """Debian ships the module that fills a new environment in a package of its own."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Python cannot make a virtual environment without it: sudo apt-get install {package}")
    install([package])


def main() -> None:
    if sys.version_info[:2] != (3, 11):
        sys.exit(f"Python 3.11 is needed, this is {sys.version.split()[0]}: make PYTHON=/path/to/python3.11")
    if not (VENV / "bin" / "pip").exists():
        ensure_venv_module()
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    print("Installing the Python packages", flush=True)
    pip = [VENV / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--requirement", "requirements.lock"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], check=True)


if __name__ == "__main__":
    main()
