"""The IDX format: what is written is read, and no damage passes unseen."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_parity.data import DataError
from nn_parity.data.dataset import Array
from nn_parity.data.idx import encode, read

ARRAYS = hnp.arrays(
    st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8", ">i4"]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("idx")


def save(folder: Path, content: bytes, *, zipped: bool) -> Path:
    path = folder / ("some.gz" if zipped else "some")
    path.write_bytes(gzip.compress(content, mtime=0) if zipped else content)
    return path


def refused(path: Path) -> str:
    """Reading fails, and the message starts with the name of the file; returns the rest of it."""
    with pytest.raises(DataError) as caught:
        read(path)
    name, _, reason = str(caught.value).partition(": ")
    assert name == str(path)
    return reason


def read_or_refuse(path: Path) -> Array | None:
    """The array, or None when it is refused with a message that starts with the name of the file."""
    try:
        return read(path)
    except DataError as error:
        if not str(error).startswith(f"{path}: "):
            raise
        return None


@given(array=ARRAYS, zipped=st.booleans())
def test_what_is_encoded_is_read(folder: Path, array: Array, zipped: bool) -> None:
    result = read(save(folder, encode(array), zipped=zipped))
    assert result.dtype == array.dtype.newbyteorder("=")
    assert result.dtype.isnative
    assert result.flags.writeable
    np.testing.assert_array_equal(result, array, strict=array.dtype.isnative)


def test_a_file_written_by_hand(folder: Path) -> None:
    content = bytes.fromhex("0000 0802 0000 0002 0000 0003  01 02 03 fd fe ff")
    np.testing.assert_array_equal(
        read(save(folder, content, zipped=False)),
        np.array([[1, 2, 3], [253, 254, 255]], np.uint8),
        strict=True,
    )
    assert encode(np.array([1, -2], np.int16)) == bytes.fromhex("0000 0b01 0000 0002  0001 fffe")


def test_other_numbers_are_not_encoded() -> None:
    with pytest.raises(TypeError, match="int64"):
        encode(np.arange(3))


@given(array=ARRAYS, zipped=st.booleans(), data=st.data())
def test_truncated_anywhere(folder: Path, array: Array, zipped: bool, data: st.DataObject) -> None:
    path = save(folder, encode(array), zipped=zipped)
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1), label="bytes kept")])
    assert "truncated" in refused(path) or zipped


@given(array=ARRAYS, zipped=st.booleans(), extra=st.binary(min_size=1, max_size=9))
def test_too_long(folder: Path, array: Array, zipped: bool, extra: bytes) -> None:
    assert "too long" in refused(save(folder, encode(array) + extra, zipped=zipped))


@given(array=ARRAYS, extra=st.binary(min_size=1, max_size=40).filter(lambda extra: any(extra)))
def test_something_after_the_gzip(folder: Path, array: Array, extra: bytes) -> None:
    path = save(folder, encode(array), zipped=True)
    path.write_bytes(path.read_bytes() + extra)
    refused(path)


@given(array=ARRAYS, data=st.data())
def test_a_flipped_byte_in_a_gzip_is_refused_or_harmless(folder: Path, array: Array, data: st.DataObject) -> None:
    """Harmless: the time stamp and the flags of the gzip header, which say nothing about the content."""
    path = save(folder, encode(array), zipped=True)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    result = read_or_refuse(path)
    if result is not None:
        np.testing.assert_array_equal(result, array)


@given(array=ARRAYS, zipped=st.booleans(), place=st.integers(0, 1), value=st.integers(1, 255))
def test_the_magic_number_starts_with_two_zeros(
    folder: Path, array: Array, zipped: bool, place: int, value: int
) -> None:
    content = bytearray(encode(array))
    content[place] = value
    assert "not an IDX file" in refused(save(folder, bytes(content), zipped=zipped))


@given(array=ARRAYS, kind=st.integers(0, 255).filter(lambda code: code not in (8, 9, 11, 12, 13, 14)))
def test_an_unknown_type_of_number(folder: Path, array: Array, kind: int) -> None:
    content = bytearray(encode(array))
    content[2] = kind
    assert f"00 00 {kind:02x}" in refused(save(folder, bytes(content), zipped=False))


@given(content=st.binary(max_size=60), zipped=st.booleans())
def test_garbage_is_an_array_or_a_data_error(folder: Path, content: bytes, zipped: bool) -> None:
    path = folder / ("garbage.gz" if zipped else "garbage")
    path.write_bytes(content)
    result = read_or_refuse(path)
    if result is not None:
        assert not zipped
        assert encode(result) == content


@pytest.mark.parametrize("sizes", ["ffffffff ffffffff 00000000", "7fffffff 7fffffff 7fffffff"])
def test_sizes_that_no_array_can_have(folder: Path, sizes: str) -> None:
    content = bytes.fromhex("0000 0803" + sizes)
    assert "the header says" in refused(save(folder, content, zipped=False))


def test_more_axes_than_an_array_can_have(folder: Path) -> None:
    content = bytes((0, 0, 8, 255)) + (1).to_bytes(4, "big") * 255 + b"\7"
    assert "no shape of an array" in refused(save(folder, content, zipped=False))


def test_named_gz_but_plain(folder: Path) -> None:
    path = folder / "plain.gz"
    path.write_bytes(encode(np.zeros((2, 3), np.uint8)))
    assert "not a gzip file" in refused(path)
    path.write_bytes(b"")
    assert "not a gzip file" in refused(path)


def test_gzip_but_not_named_gz(folder: Path) -> None:
    path = folder / "zipped"
    path.write_bytes(gzip.compress(encode(np.zeros((2, 3), np.uint8))))
    assert "compressed with gzip" in refused(path)


def test_a_file_that_cannot_be_read(folder: Path) -> None:
    assert "No such file" in refused(folder / "nowhere")
    assert "cannot be read" in refused(folder)
