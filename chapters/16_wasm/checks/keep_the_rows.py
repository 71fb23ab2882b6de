"""What `keep_the_rows` must do: have the rows in the module's memory, and have them there once."""

from workbook.node import Module

module = Module("keep_the_rows", "EmbeddingIndex")


def test_the_rows_are_searched() -> None:
    got = module.run("""
        const rows = new Float32Array([1, 0, 0, 1, 3, 4]);
        const index = new module.EmbeddingIndex(2, rows);
        rows.fill(9); // the index has its own
        return index.scores(new Float32Array([2, 1]));
    """)
    want = [2, 1, 10]
    assert got == want, "three rows and the query [2, 1]"


def test_the_rows_are_copied_once() -> None:
    grown = module.run("""
        const memory = module.__wasm.memory;
        const before = memory.buffer.byteLength;
        const rows = new Float32Array(20000 * 384);
        const index = new module.EmbeddingIndex(384, rows);
        index.scores(new Float32Array(384));
        return (memory.buffer.byteLength - before) / rows.byteLength;
    """)
    # Some room is for the scores and for what the allocator keeps.
    got = f"{grown:.0f} times"
    want = "1 times"
    assert got == want, "growth of the module's memory, in sizes of the rows"
