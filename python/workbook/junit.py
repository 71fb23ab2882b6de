"""Verdicts as JUnit XML, which every CI system reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from junitparser import Failure, JUnitXml, TestCase, TestSuite

from workbook.course import CourseError
from workbook.verdict import Verdict, strip_ansi


def write(path: Path, outcomes: Sequence[Verdict]) -> None:
    """Writes one test suite a chapter and one test case an exercise. Raises `CourseError` if it cannot."""
    suites: dict[str, list[Verdict]] = {}
    for outcome in outcomes:
        suites.setdefault(outcome.chapter, []).append(outcome)
    write_suites(path, suites)


def write_suites(path: Path, suites: Mapping[str, Sequence[Verdict]]) -> None:
    """Writes test suites by name, one test case a verdict. Raises `CourseError` if it cannot."""
    report = JUnitXml("Rust for AI")
    for name, outcomes in suites.items():
        suite, cases = TestSuite(_printable(name)), []
        for outcome in outcomes:
            case = TestCase(outcome.name, classname=outcome.chapter, time=round(outcome.seconds, 3))
            if not outcome.passed:
                failure = Failure(_printable(outcome.message), outcome.code or outcome.stage)
                failure.text = _printable(_details(outcome))
                case.result = [failure]
            cases.append(case)
        # All at once: one by one, the suite would be counted anew with each.
        suite.add_testcases(cases)
        report.add_testsuite(suite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        report.write(str(path), pretty=True)
    except OSError as error:
        raise CourseError(f"The JUnit report {path} could not be written: {error.strerror or error}.") from None


def _details(outcome: Verdict) -> str:
    parts = [message.rendered for message in outcome.diagnostics if message.level == "error"]
    for check in outcome.checks:
        if check.state == "failed":
            compared = f"\n  wanted {check.wanted}\n  got    {check.got}" if check.wanted is not None else ""
            parts.append(f"{check.name}: {check.message}{compared}")
    return "\n".join(parts)


def _printable(text: str) -> str:
    """XML 1.0 has no place for most control characters, which a learner's program may print."""
    return "".join(char for char in strip_ansi(text) if char in "\n\t" or (char >= " " and char not in "\ufffe\uffff"))
