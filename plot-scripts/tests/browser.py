# SPDX-License-Identifier: Apache-2.0
"""Headless Chromium for the tests, where it is installed; Selenium is fetched for it once."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

SELENIUM = "selenium==4.51.0"
FOLDER = Path(__file__).resolve().parent / ".venv"
MISSING = "no chromium with chromedriver here: apt-get install -y chromium chromium-driver"


def is_installed():
    return bool(shutil.which("chromium") and shutil.which("chromedriver"))


def fetch_selenium():
    """Into a folder of its own: only these tests need it."""
    stamp = FOLDER / SELENIUM
    if not stamp.exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", FOLDER]
        subprocess.run([*command, "--disable-pip-version-check", SELENIUM], check=True)
        stamp.touch()
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))


def open_browser():
    """A window that notes what the page asks of the network and says."""
    fetch_selenium()
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    look(browser, 1280, dark=False)
    return browser


def look(browser, width, dark):
    """Makes the window so wide, and light or dark, for the next page that it opens."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def wait_for(condition, what, seconds=120):
    """Waits as long as a loaded machine may take; how long it took is asserted nowhere."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.05)
    return found
