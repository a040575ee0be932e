"""The table of files: where each stored data set lies, what it is called, where it is downloaded from.

A checksum is of the *content* (after gunzip) or of the *file* as the server sends it. The content is the
better one: a mirror that compresses the same bytes anew still passes. Fashion-MNIST and CIFAR-10 publish the
md5 of the compressed files only, so there the file is checked.
"""

from typing import Literal, NamedTuple


class Checksum(NamedTuple):
    """A digest, and what it is the digest of."""

    algorithm: Literal["md5", "sha256"]
    digest: str
    of: Literal["content", "file"]


class Download(NamedTuple):
    """One file of a mirror. An archive (tar.gz) names the members to take; nothing else is extracted."""

    url: str
    file: str  # the name under which it is kept; for an archive, only while it is unpacked
    checksum: Checksum
    members: tuple[str, ...] = ()


class Files(NamedTuple):
    """How a data set lies on the disk. It is complete when, of each group of `needed`, one file is there."""

    folders: tuple[str, ...]  # relative to NN_PARITY_DATA or the cache, in the order they are tried
    needed: tuple[tuple[str, ...], ...]
    downloads: tuple[Download, ...]  # they fill folders[0]


IDX_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
CIFAR_TRAIN_FILES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
CIFAR_TEST_FILE = "test_batch.bin"


def _mnist_family(folder: str, mirror: str, md5s: tuple[str, str, str, str], of: Literal["content", "file"]) -> Files:
    return Files(
        folders=(folder,),
        needed=tuple((name, f"{name}.gz") for name in IDX_FILES),
        downloads=tuple(
            Download(f"{mirror}{name}.gz", f"{name}.gz", Checksum("md5", md5, of))
            for name, md5 in zip(IDX_FILES, md5s, strict=True)
        ),
    )


def _text(file: str, url: str, sha256: str) -> Files:
    return Files(
        folders=("text",),
        needed=((file,),),
        downloads=(Download(url, file, Checksum("sha256", sha256, "content")),),
    )


MNIST = _mnist_family(
    "mnist",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    (
        "6bbc9ace898e44ae57da46a324031adb",
        "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea",
        "27ae3e4e09519cfbb04c329615203637",
    ),
    of="content",
)

FASHION_MNIST = _mnist_family(
    "fashion_mnist",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    (
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
    ),
    of="file",
)

CIFAR10 = Files(
    folders=("cifar10/cifar-10-batches-bin", "cifar10"),
    needed=(CIFAR_TRAIN_FILES, (CIFAR_TEST_FILE,)),
    downloads=(
        Download(
            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
            "cifar-10-binary.tar.gz",
            Checksum("md5", "c32a1d4ab5d03f1284b67883e8d87530", of="file"),
            # The test batch comes last: without it the folder is not complete, so a download that is
            # interrupted between two files is never mistaken for a folder with fewer training batches.
            members=tuple(f"cifar-10-batches-bin/{name}" for name in (*CIFAR_TRAIN_FILES, CIFAR_TEST_FILE)),
        ),
    ),
)

TINY_SHAKESPEARE = _text(
    "tinyshakespeare.txt",
    "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
)

NAMES = _text(
    "names.txt",
    "https://raw.githubusercontent.com/karpathy/makemore/master/names.txt",
    "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
)
