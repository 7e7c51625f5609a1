"""Every datum that the procedure demands, out of a letter's text: the best mention and how many agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from forms.identity import IdentityKind, check_cedula
from intake.letters import companies, contact, dates, names, numbers, petition
from intake.letters.companies import BETWEEN
from intake.letters.mentions import Mention
from intake.letters.proxies import find_proxy, spans_of, weigh, weigh_letterhead
from intake.letters.text import LetterText, fold


@dataclass(frozen=True, slots=True)
class Datum:
    """A value of a letter: its best mention, how many places say the same, and whether another place
    says otherwise as plainly.
    """

    mention: Mention
    agreeing: int
    disputed: bool

    @property
    def value(self) -> str:
        return self.mention.value


_NAMED: Final = 0.5
"""Weight from which a mention is of the same kind of datum at all."""
_INFERRED: Final = 0.5
"""Weight of what a letter does not say and its other data do."""
_SHORTENED: Final = 2
"""Signs to which people shorten a second surname."""
_PLAIN: Final = 0.75
"""Weight from which a mention can dispute another."""

_CONTACTS: Final = ("email", "phone", "address")
"""What stands on a bookkeeper's own letterhead."""
_OF_REPRESENTATIVE: Final = frozenset({"representative_name", "representative_id", "representative_id_kind"})
"""What is asked about wherever another person signs."""

_FINDERS: Final[dict[str, Callable[[LetterText], Iterable[Mention]]]] = {
    "place": dates.find_places,
    "date": dates.find_days,
    "ruc": numbers.find_ruc,
    "branch": numbers.find_branch,
    "business_name": companies.find_company,
    "representative_name": names.find_representative,
    "period": dates.find_periods,
    "sheet_type": petition.find_sheet_type,
    "sheet_number": numbers.find_sheet_number,
    "petition": petition.find_petition,
    "email": contact.find_email,
    "phone": contact.find_phone,
    "address": contact.find_address,
}


def extract(letter: LetterText) -> dict[str, Datum]:
    """The data of an employer's request that a letter states, by the names of the form's fields."""
    mentions = {name: list(find(letter)) for name, find in _FINDERS.items()}
    proxy = find_proxy(letter, mentions["representative_name"])
    if proxy is not None:
        mentions["representative_name"] = weigh(mentions["representative_name"], proxy)
        for name in _CONTACTS:
            mentions[name] = weigh_letterhead(letter, mentions[name])
    ruc = _choose(mentions["ruc"])
    if ruc is not None:
        mentions["business_name"] = _of_ruc(letter, mentions["business_name"], ruc.value)
    found = {name: datum for name, said in mentions.items() if (datum := _choose(said)) is not None}
    for full, more in (("business_name", ()), ("representative_name", tuple(names.find_names(letter)))):
        if full in found:
            found[full] = _in_full(found[full], (*mentions[full], *more))
    name = canonical(found["representative_name"].value) if "representative_name" in found else ""
    own = [each for each in mentions["representative_name"] if canonical(each.value) == name]
    signer = proxy.signer if proxy else None
    others = list(spans_of(letter, signer.value)) if signer else []
    identity = list(numbers.find_identity(letter, own, others, signed_for=proxy is not None))
    number = _choose([mention for _, mention in identity])
    if number is not None:
        kind = next(kind for kind, mention in identity if mention == number.mention)
        found["representative_id"] = number
        found["representative_id_kind"] = Datum(
            Mention(kind.value, number.mention.span, number.mention.weight), number.agreeing, number.disputed
        )
    found = _with_owner(found)
    if proxy is not None:
        for each in _OF_REPRESENTATIVE & found.keys():
            found[each] = replace(found[each], disputed=True)
    return found


def _of_ruc(letter: LetterText, mentions: Iterable[Mention], ruc: str) -> list[Mention]:
    """Mentions of companies: one that another RUC follows than the letter's is another company."""
    return [
        replace(each, weight=min(each.weight, _INFERRED))
        if numbers.ruc_after(letter, each.span) not in ("", ruc)
        else each
        for each in mentions
    ]


def _in_full(datum: Datum, mentions: Iterable[Mention]) -> Datum:
    """The datum as the letter spells it where it says the most of it: who signs shortens the own name, and a
    letter the company's.
    """
    own = _words(datum.value)
    fuller = [
        each
        for each in mentions
        if each.weight >= _NAMED
        and len("".join(_words(each.value))) > len("".join(own))
        and len(_words(each.value)) >= len(own)
        and _goes_into(own, _words(each.value))
    ]
    if not fuller:
        return datum
    longest = max(fuller, key=lambda each: (each.weight, len(each.value)))
    # That the short name is plain says nothing of whose the long one is: it agrees only with itself.
    same = {
        each.span.start
        for each in fuller
        if each.weight >= _PLAIN and canonical(each.value) == canonical(longest.value)
    }
    return Datum(longest, max(len(same), 1), datum.disputed)


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(name))


def _goes_into(short: list[str], long: list[str]) -> bool:
    """Whether all words of the short name are in the long one in their order, the last maybe shortened."""
    rest = iter(long)
    last = len(short) - 1
    return all(
        any(word == each or (place == last and _shortens(word, each)) for each in rest)
        for place, word in enumerate(short)
    )


def _shortens(word: str, whole: str) -> bool:
    return len(word) <= _SHORTENED and word not in BETWEEN and whole.startswith(word)


def _with_owner(found: dict[str, Datum]) -> dict[str, Datum]:
    """What follows for the RUC of a person, which is the own cédula and 001: whose business it is, and the
    number. Proposed where the letter does not say it, and always asked.
    """
    ruc = found["ruc"].mention if "ruc" in found else None
    if ruc is None or len(ruc.value) != 13 or ruc.value[2] not in "012345" or check_cedula(ruc.value[:10]):
        return found
    more = dict(found)
    named = "business_name" in found and found["business_name"].mention.weight > _INFERRED
    if "representative_name" in found and not named:
        name = found["representative_name"].mention
        more["business_name"] = Datum(replace(name, weight=_INFERRED), 1, disputed=False)
    if "representative_id" not in found:
        number = Mention(ruc.value[:10], ruc.span, _INFERRED)
        more["representative_id"] = Datum(number, 1, disputed=False)
        kind = replace(number, value=IdentityKind.CEDULA.value)
        more["representative_id_kind"] = Datum(kind, 1, disputed=False)
    return more


def _choose(mentions: Iterable[Mention]) -> Datum | None:
    """The plainest mention, the earliest of several; in mixed case rather than all in capitals."""
    said = sorted(mentions, key=lambda each: (-each.weight, each.span.start))
    if not said or said[0].weight < 0.3:
        return None
    best = said[0]
    same = [each for each in said if canonical(each.value) == canonical(best.value) and each.weight >= 0.5]
    apart = {each.span.start for each in same}
    disputed = any(
        each.weight >= max(_PLAIN, best.weight - 0.1)
        for each in said
        if canonical(each.value) != canonical(best.value)
    )
    spelled = next((each for each in same if not each.value.isupper() and each.weight >= _PLAIN), best)
    return Datum(spelled, max(len(apart), 1), disputed)


def canonical(value: str) -> str:
    """What two mentions of the same thing have in common: letters and digits, no accents, no case."""
    return re.sub(r"[^a-z0-9@]", "", fold(value))
