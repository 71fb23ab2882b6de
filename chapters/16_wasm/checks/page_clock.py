"""What `page_clock` must do: take the time from the page, since the module has none."""

from workbook.node import Module

module = Module("page_clock", "Meter")

# A clock that stands until it is moved, in place of Node's.
CLOCK = """
    let time = 5000;
    Object.defineProperty(globalThis, "performance", { value: { now: () => time }, configurable: true });
"""


def test_the_module_finds_a_clock() -> None:
    got = module.run("""
        try {
            const rate = module.Meter.start().rate(10);
            return rate > 0 ? "a rate" : rate;
        } catch (error) {
            return String(error).split(":")[0];
        }
    """)
    want = "a rate"
    assert got == want, "what a meter says in Node"


def test_tokens_are_counted_by_the_second() -> None:
    got = module.run(CLOCK + "const meter = module.Meter.start(); time += 250; return meter.rate(10);")
    want = 40
    assert got == want, "10 tokens in 250 milliseconds"


def test_a_clock_that_is_set_changes_nothing() -> None:
    got = module.run(
        CLOCK
        + """
        const real = Date.now;
        const meter = module.Meter.start();
        time += 500;
        Date.now = () => real() - 3600000; // the reader's clock goes back an hour
        return meter.rate(10);
    """
    )
    want = 20
    assert got == want, "10 tokens in 500 milliseconds"
