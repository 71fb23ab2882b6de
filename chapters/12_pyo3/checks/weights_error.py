"""What `weights_error` must do: raise, for each thing that can go wrong, the exception that Python has for it."""

import struct
import tempfile
from pathlib import Path

import weights_error


def load(content: bytes) -> list[float]:
    """Loads weights from a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "weights.bin")
        path.write_bytes(content)
        return weights_error.load_weights(str(path))


def raised(content: bytes) -> str:
    """The exception that this content leads to, with its text."""
    try:
        return str(load(content))
    except BaseException as error:  # A Rust panic is no `Exception`, and this is to see one.
        return f"{type(error).__name__}: {error}"


def test_loads_what_is_right() -> None:
    got = load(struct.pack("<3f", 0.5, -1.0, 2.0))
    want = [0.5, -1.0, 2.0]
    assert got == want, "three weights"


def test_a_missing_file_is_a_file_not_found_error() -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            got = str(weights_error.load_weights(str(Path(folder, "weights.bin"))))
        except BaseException as error:  # As above.
            got = type(error).__name__
    want = "FileNotFoundError"
    assert got == want, "exception for a file that is not there"


def test_an_odd_length_is_a_value_error() -> None:
    got = [raised(b"\0" * length) for length in (1, 7)]
    want = [f"ValueError: {length} bytes are no whole number of f32" for length in (1, 7)]
    assert got == want, "exceptions for 1 and 7 bytes"


def test_a_broken_weight_is_named() -> None:
    got = raised(struct.pack("<3f", 0.5, 1.0, float("nan")))
    want = "ValueError: weight 2 is not a finite number"
    assert got == want, "exception for a NaN at index 2"


def test_a_folder_is_an_os_error() -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            got = str(weights_error.load_weights(folder))
        except OSError:
            got = "OSError"
        except BaseException as error:  # As above.
            got = type(error).__name__
    want = "OSError"
    assert got == want, "exception for a folder"
