"""Pages of a case's files that were left out because they are blank: told once, and there to be looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from forms.problems import problem
from intake.readings import BatchReading, FileReading, ProblemReading, page_name
from operations.splitting import page_keys


def tell_file(file: FileReading) -> tuple[ProblemReading, ...]:
    """What is told of a file, several blank pages in one sentence."""
    blank = _blank_pages(file)
    if len(blank) < 2:
        return file.problems
    told = problem("PAGES_BLANK", pages=say_pages(blank), file=file.name)
    others = tuple(found for found in file.problems if found.code != "PAGE_BLANK")
    return (*others, ProblemReading(told.code, told.severity.value, told.message))


def _blank_pages(file: FileReading) -> list[int]:
    """The pages that are told to be blank. A reading keeps the sentence of each, and no number beside it."""
    told = {found.message for found in file.problems if found.code == "PAGE_BLANK"}
    pages = range(1, file.pages + 1)
    return [page for page in pages if problem("PAGE_BLANK", page=page, file=file.name).message in told]


def say_pages(pages: Sequence[int]) -> str:
    """Numbers of pages in order, in words.

    >>> say_pages([1, 2, 3]), say_pages([2, 4, 5, 7]), say_pages([3])
    ('1 a 3', '2, 4, 5 y 7', '3')
    """
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    words: list[str] = []
    for run in runs:
        words += [f"{run[0]} a {run[-1]}"] if len(run) > 2 else [str(page) for page in run]
    return " y ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def left_out(reading: BatchReading, pictures: Collection[str]) -> list[str]:
    """Of the names of ``pictures`` those of blank pages, of which no document is."""
    counted = page_keys(reading)
    blank = [page_name(file.name, page) for file in reading.files for page in _blank_pages(file)]
    return [
        name
        for of_page in blank
        for name in pictures
        if (name == of_page or name.startswith(f"{of_page} (")) and name not in counted
    ]
