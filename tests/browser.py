"""Find a Chromium for the browser tests, or install one: run by `make browser`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIAN = ("chromium", "fonts-noto-core", "fonts-dejavu-core")


def find() -> str | None:
    """Return the path of a Chromium: SICETNON_CHROMIUM, or one on the PATH."""
    named = os.environ.get("SICETNON_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Install Debian's Chromium with the fonts that the pages use."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.exit(
            "The browser tests need Chromium: install it with your system's packages, or name one "
            "in SICETNON_CHROMIUM."
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], check=True, env=environment)
    subprocess.run(
        [apt, "install", "-y", "-qq", "--no-install-recommends", *DEBIAN],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    if find() is None:
        install()
