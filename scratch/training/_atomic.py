"""Writing a file so that at every moment either the old one is there, whole, or the new one.

To write into the old file would leave half of each when the power fails in the middle. So the bytes go into a file
beside it, `fsync` waits until they are on the disk and not only in memory, and `os.replace` gives the new file the name
of the old one: the one step that counts, and the file system does it wholly or not at all. At last the folder, which
holds the name, is written to the disk too.

A process that is killed leaves its unfinished file behind, `.NAME.partial`; the next one writes over it. Two processes
must not write the same file at once.
"""

import os
from pathlib import Path


def write_atomically(file: Path, content: bytes) -> None:
    """Make `content` the content of the file. Where that fails, the old file stays as it was.

    Raises OSError: no such folder, no space, no permission.
    """
    file = file.resolve()  # a link is followed, not replaced
    partial = file.with_name(f".{file.name}.partial")
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(partial, file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # elsewhere folders cannot be opened
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
