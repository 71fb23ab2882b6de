"""What `checked_predict` must do: tell JavaScript about the caller's mistake, and go on."""

from workbook.node import JavaScriptError, Module

module = Module("checked_predict", "MiniModel")


def thrown(body: str) -> str:
    """What JavaScript catches, as text; nothing if it catches nothing."""
    try:
        module.run(body)
    except JavaScriptError as error:
        return str(error)
    return "nothing was thrown"


def test_a_right_length_is_answered() -> None:
    got = module.run("""
        const model = new module.MiniModel(3, 2);
        model.load_weights(new Float32Array([1, 2, 3, 4, 5, 6]));
        return model.predict(new Float32Array([1, 0, 2]));
    """)
    want = [7, 16]
    assert got == want, "two rows of weights times [1, 0, 2]"


def test_a_wrong_length_is_an_error() -> None:
    for given in (0, 2, 4):
        said = thrown(f"return new module.MiniModel(3, 2).predict(new Float32Array({given}));")
        got = said.partition(":")[0]
        want = "Error"
        assert got == want, f"{given} numbers for 3 inputs: {said}"


def test_the_error_says_both_lengths() -> None:
    for wanted, given in ((128, 127), (3, 0)):
        said = thrown(f"return new module.MiniModel({wanted}, 2).predict(new Float32Array({given}));")
        got = [str(length) in said for length in (wanted, given)]
        want = [True, True]
        assert got == want, f"lengths {wanted} and {given} in '{said}'"


def test_it_is_an_error_of_javascripts() -> None:
    got = module.run("""
        try {
            new module.MiniModel(3, 2).predict(new Float32Array(2));
        } catch (error) {
            return error instanceof Error;
        }
        return "nothing was thrown";
    """)
    want = True
    assert got == want, "error instanceof Error"


def test_the_model_goes_on() -> None:
    got = module.run("""
        const model = new module.MiniModel(2, 1);
        try {
            model.predict(new Float32Array(3));
        } catch (error) {
            // The page tells its reader, and goes on.
        }
        try {
            model.load_weights(new Float32Array([1, 1]));
            return model.predict(new Float32Array([2, 3]));
        } catch (error) {
            return String(error);
        }
    """)
    want = [5]
    assert got == want, "the next call after a wrong one"
