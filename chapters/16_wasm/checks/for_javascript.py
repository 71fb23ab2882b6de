"""What `for_javascript` must do: be there when JavaScript calls, with arrays."""

from workbook.node import Module

module = Module("for_javascript", "cosine_similarity_wasm")


def test_javascript_gets_the_cosine() -> None:
    got = module.run("""
        return module.cosine_similarity_wasm(new Float32Array([3, 4]), new Float32Array([4, 3])).toFixed(4);
    """)
    want = "0.9600"
    assert got == want, "cosine of [3, 4] and [4, 3]"


def test_each_call_has_its_own_arrays() -> None:
    got = module.run("""
        const one = new Float32Array([1, 0, 0]);
        const others = [[1, 0, 0], [0, 1, 0], [-2, 0, 0]];
        return others.map((other) => module.cosine_similarity_wasm(one, new Float32Array(other)));
    """)
    want = [1, 0, -1]
    assert got == want, "the same direction, none in common, the opposite"
