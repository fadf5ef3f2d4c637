"""Makes the virtual environment and installs what the requirement files pin; does nothing when nothing changed.

Run by the Makefile with the system's Python, before anything is installed: standard library only.

    python3 sparkproject/install.py VENV [--browser] [--pooler] FILE…
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib import util
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    words = sys.argv[1:]
    venv, *files = [Path(word) for word in words if not word.startswith("--")]
    if sys.version_info < (3, 11):
        sys.exit("Python 3.11 or newer is needed: `make PYTHON=/path/to/python3.11 …`.")
    stamp = venv / f"installed-{'-'.join(file.stem for file in files)}"
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    if not (stamp.exists() and stamp.read_text() == digest.hexdigest() and (venv / "bin" / "python").exists()):
        _make_environment(venv)
        print(f"Installing {' and '.join(map(str, files))} …", flush=True)
        pip = [
            str(venv / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-compile",
        ]
        _run([*pip, *(word for file in files for word in ("-r", str(file)))])
        stamp.write_text(digest.hexdigest())
    if "--browser" in words and not any(shutil.which(name) for name in BROWSERS):
        _apt_install("chromium", "fonts-dejavu-core", needed_for="the browser tests")
    if "--pooler" in words:
        _install_pooler()


def _make_environment(venv: Path) -> None:
    if (venv / "bin" / "pip").exists():
        return
    if util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        _apt_install(f"python{version}-venv", needed_for="virtual environments")
    _run([sys.executable, "-m", "venv", str(venv)])


def _install_pooler() -> None:
    """PgBouncer for the tests that go through one, where it can be had; elsewhere they are left out."""
    if Path("/usr/sbin/pgbouncer").exists() or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    _apt_install("pgbouncer", needed_for="the tests of a pooler")
    if shutil.which("systemctl"):  # the package starts one for everybody, which nobody asked for
        words = ["systemctl", "disable", "--quiet", "--now", "pgbouncer"]
        subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _apt_install(*packages: str, needed_for: str) -> None:
    """Install Debian packages when we are root; otherwise say what to install."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"Install {' '.join(packages)} first; {needed_for} need it.")
    print(f"Installing {' '.join(packages)} for {needed_for} …", flush=True)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    if subprocess.run(install, check=False, stdout=subprocess.DEVNULL).returncode:
        sys.exit(f"`apt-get install {' '.join(packages)}` failed.")


def _run(words: list[str]) -> None:
    code = subprocess.run(words, check=False).returncode
    if code:
        sys.exit(f"`{' '.join(words)}` failed with code {code}.")


if __name__ == "__main__":
    main()
