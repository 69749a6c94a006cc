"""Write the font of printed papers from the npm package @expo-google-fonts/inter 0.4.2 (font: SIL OFL 1.1).

    npm pack @expo-google-fonts/inter@0.4.2
    python scripts/build_font.py expo-google-fonts-inter-0.4.2.tgz

The package is not a dependency of the program; two of its font files and the font's licence become
``src/jasyl/papers/fonts``. Inter is drawn for all of Cyrillic, Kazakh included, and has the tenge sign.
"""

import hashlib
import sys
import tarfile
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "jasyl" / "papers" / "fonts"
PACKAGE_SHA256 = "b5c1e5878c07a5637169da9f7b1f370c69709f1f8de55998e2522f7aa9dfe2a9"
MEMBERS = {
    "package/400Regular/Inter_400Regular.ttf": "Inter-Regular.ttf",
    "package/700Bold/Inter_700Bold.ttf": "Inter-Bold.ttf",
    "package/LICENSE_FONT": "LICENSE.txt",
}


def main(package: Path) -> None:
    """Copy the members out of the package when it is the one that was read."""
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    if digest != PACKAGE_SHA256:
        sys.exit(f"{package.name}: SHA-256 is {digest}, expected {PACKAGE_SHA256}")
    TARGET.mkdir(exist_ok=True)
    with tarfile.open(package) as archive:
        for member, name in MEMBERS.items():
            file = archive.extractfile(member)
            assert file is not None
            (TARGET / name).write_bytes(file.read())
            print(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
