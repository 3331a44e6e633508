"""A board's paper in words: every figure of every rule, people as counts, on one page."""

import io

import pytest
from example_comparison import AS_OF, compare, demo_needs, usual_documents
from pypdf import PdfReader

from fundmgr.allocation import Policy, rule_properties
from fundmgr.allocation.policy import PRODUCTION_RULES
from requests_app.exports import board_file, board_words, paper_words

FUND = {"fund": "Lanternlight Crew Fund", "time_zone": "America/Los_Angeles"}
EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture(scope="module")
def demo():
    return compare(demo_needs(), usual_documents(), chosen=4)


def pages_of(said):
    reader = PdfReader(io.BytesIO(board_file.typeset(said, as_of=AS_OF)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_five_rules_with_all_that_is_said_of_them_stand_on_one_page(demo):
    said = board_words.paper(demo, **FUND, chosen=4)

    (text,) = pages_of(said)

    for row in said["rows"]:
        assert " ".join(row) in text
    for words in (said["title"], said["standfirst"], said["choice"], said["kicker"], demo.digest):
        assert words in text
    for one in demo.rules:
        assert all(sentence in text for sentence in one.figures.promises)
    for warning in said["warnings"]:
        assert f"{warning['title']}: {warning['text']}" in text


def test_the_money_the_people_and_the_choice_are_told_in_plain_words(demo):
    said = board_words.paper(demo, **FUND, chosen=4)

    assert said["title"] == "Sharing $490,000 among 1,205 people"
    assert said["standfirst"] == (
        "The fund has $490,000 to share now. 1,205 people wait. The need we could verify is $4,111,069. "
        "That is 11.9 cents for each dollar of it. Need is counted up to $1,500, except where a rule's name "
        "says otherwise."
    )
    assert said["choice"] == (
        "Selected: Equal awards. It pays 1,205 of 1,205 people, from $109.00 to $413.78 each, and "
        "leaves nothing over."
    )
    assert "September 18, 2023, 09:00 PDT" in said["kicker"]


def test_who_changes_is_told_in_counts_that_sum_to_everybody(demo):
    assert all(shift.more_count + shift.less_count + shift.same_count == 1_205 for shift in demo.shifts)
    rows = {row[0]: row[1:] for row in board_words.table(demo, 4)}
    assert rows["Get less"] == ["1,074", "839", "680", "718", "–"]
    assert rows["Largest gain"][0] == "$7,086.23"


def test_urgent_requests_and_tied_money_have_lines_of_their_own_on_the_same_page():
    documents = [*usual_documents()[2:], {**EQUAL, "tiers": "urgency"}]
    found = compare(demo_needs()[:60], documents, chosen=2, pots=(300_000, 150_000, 90_000_000), urgent=7)

    said = board_words.paper(found, **FUND, chosen=2)

    (text,) = pages_of(said)
    labels = [row[0] for row in said["rows"]]
    assert "Cents for each dollar: Urgent requests" in labels
    assert labels.index("General money left") + 1 == labels.index("Tied money left")
    assert "Left over" not in labels
    for row in said["rows"]:
        assert " ".join(row) in text
    assert "of the tied money" in said["choice"]
    first = found.rules[3].figures
    assert [row.tier for row in first.tiers] == [1, 2]
    assert first.tiers[0].met_bp >= found.rules[2].figures.tiers[0].met_bp


def test_the_paper_stands_on_one_page_in_spanish_too_with_the_same_figures(demo):
    english, spanish = (board_words.paper(demo, **FUND, chosen=4, language=code) for code in ("en", "es"))
    assert spanish["choice"].endswith("cada una. Sobra: nada.")

    (text,) = pages_of(spanish)

    assert [row[1:] for row in spanish["rows"]] == [row[1:] for row in english["rows"]]
    for row in spanish["rows"]:
        assert " ".join(row) in text
    assert spanish["title"] == "Repartir $490,000 entre 1,205 personas"
    assert "18 de septiembre de 2023, 09:00 PDT" in spanish["kicker"]
    assert spanish["head"][4] == "Ayudas iguales"
    for heading in ("Qué promete cada regla", "Qué saber antes de elegir"):
        assert heading in text
    both = zip(english["promises"], spanish["promises"], strict=True)
    assert all(one["text"] != other["text"] for one, other in both)
    assert board_words.paper(demo, **FUND, chosen=4) == english


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("pots", [(), (6_000_000, 3_000_000, 90_000_000)])
@pytest.mark.parametrize("urgent", [0, 40])
def test_the_fullest_paper_stands_on_one_page(language, pots, urgent):
    documents = [*usual_documents()[1:], {**EQUAL, "tiers": "urgency"}]
    found = compare(demo_needs()[:300], documents, chosen=1, pots=pots, urgent=urgent)

    assert len(pages_of(board_words.paper(found, **FUND, chosen=1, language=language))) == 1


@pytest.mark.parametrize("floor", [{}, {"floor_cents": 5}, {"floor_cents": 5, "remainder": "hold"}])
@pytest.mark.parametrize("rule", PRODUCTION_RULES)
@pytest.mark.parametrize(
    "tiers", [{}, {"tiers": "urgency"}, {"tiers": "urgency", "tier_shares_bp": (6_000, 4_000)}]
)
def test_every_sentence_that_a_rule_declares_has_its_spanish(rule, floor, tiers):
    for is_restricted in (False, True):
        said = rule_properties(Policy(rule=rule, **floor, **tiers), restricted=is_restricted).sentences
        with paper_words.written_in("es"):
            spanish = [paper_words.promise(sentence) for sentence in said]
        assert [one for one, other in zip(said, spanish, strict=True) if one == other] == []
        assert not any("%(" in one for one in spanish)
        assert [paper_words.promise(sentence) for sentence in said] == list(said)


def test_without_a_choice_nothing_is_compared_with_it():
    found = compare([100_000, 50_000], [EQUAL])

    said = board_words.paper(found, **FUND, chosen=None)

    assert "The board chooses" in said["choice"]
    assert said["standfirst"].endswith(" Need is counted up to $1,500.")
    assert [row[0] for row in said["rows"]][-1] == "Left over"


def test_a_fund_where_nobody_waits_has_its_paper():
    found = compare([], [EQUAL], chosen=0)

    (text,) = pages_of(board_words.paper(found, **FUND, chosen=0))

    assert "0 people wait" in text


def test_the_same_words_give_the_same_bytes_and_are_never_markup(demo):
    said = board_words.paper(demo, **{**FUND, "fund": '#panic("no") *bold* $x$'}, chosen=4)

    first, second = (board_file.typeset(said, as_of=AS_OF) for _ in range(2))

    assert first == second
    assert '#panic("no") *bold*' in pages_of(said)[0]


def test_cents_for_each_dollar_have_one_decimal_always():
    found = compare([100_000, 100_000], [EQUAL], estate_cents=24_000)

    assert ["Cents for each dollar of need", "12.0"] in board_words.table(found, None)


def test_rules_alike_are_told_apart():
    found = compare([100_000], [EQUAL, EQUAL, {**EQUAL, "floor_cents": 20_000}])

    assert board_words.titles(found) == ["Equal awards", "Equal awards (2)", "Equal awards, from $200"]


def test_how_many_of_each_size_of_need_are_paid_and_what_they_get_stands_rule_by_rule(demo):
    rows = {row[0]: row[1:] for row in board_words.paper(demo, **FUND, chosen=4)["rows"]}

    assert rows["Need under $1,000: 194"] == [
        "22: $553.40",
        "59: $647.49",
        "89: $601.43",
        "194: $73.78",
        "194: $369.47",
    ]
    assert rows["Need $4,000 and more: 424"][0] == "55: $6,435.98"
    for place, one in enumerate(demo.rules):
        told = [rows[label][place] for label in rows if label.startswith("Need ") and ": " in label]
        assert sum(int(cell.partition(":")[0]) for cell in told) == one.row.spread.paid_count
