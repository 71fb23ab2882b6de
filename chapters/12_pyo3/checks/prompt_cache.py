"""What `prompt_cache` must do: keep embeddings, and be usable while it calls the model."""

from prompt_cache import EmbeddingCache


def embed(text: str) -> list[float]:
    """A small model: the number of characters, and of spaces."""
    return [float(len(text)), float(text.count(" "))]


def test_embeds_what_is_new() -> None:
    got = EmbeddingCache().get("Guten Tag", embed)
    want = [9.0, 1.0]
    assert got == want, "embedding of 'Guten Tag'"


def test_asks_the_model_once_a_text() -> None:
    asked = []

    def listening(text: str) -> list[float]:
        asked.append(text)
        return embed(text)

    cache = EmbeddingCache()
    for text in ("Ciao", "Bonjour", "Ciao", "Ciao"):
        cache.get(text, listening)
    got = [asked, len(cache)]
    want = [["Ciao", "Bonjour"], 2]
    assert got == want, "what the model was asked, and the length of the cache"


def test_the_model_may_look_at_the_cache() -> None:
    cache = EmbeddingCache()
    lengths = []

    def looking(text: str) -> list[float]:
        lengths.append(len(cache))
        return embed(text)

    for text in ("Ciao", "Bonjour"):
        cache.get(text, looking)
    got = lengths
    want = [0, 1]
    assert got == want, "lengths of the cache that the model has seen"


def test_the_model_may_ask_the_cache() -> None:
    cache = EmbeddingCache()

    def mean(text: str) -> list[float]:
        parts = text.split(". ")
        if len(parts) == 1:
            return embed(text)
        rows = [cache.get(part, mean) for part in parts]
        return [sum(column) / len(rows) for column in zip(*rows, strict=True)]

    got = [cache.get("Guten Tag. Ciao", mean), len(cache)]
    want = [[6.5, 0.5], 3]
    assert got == want, "mean of two parts, and the length of the cache"


def test_a_failing_model_leaves_nothing_behind() -> None:
    cache = EmbeddingCache()

    def broken(text: str) -> list[float]:
        raise TimeoutError(text)

    try:
        got = [str(cache.get("Ciao", broken))]
    except TimeoutError:
        got = ["TimeoutError", len(cache), cache.get("Ciao", embed)]
    want = ["TimeoutError", 0, [4.0, 0.0]]
    assert got == want, "the exception, the length of the cache, and the embedding at the second try"
