"""The prose of docs/odd.md against the model: a sentence and what it says cannot drift apart.

The sentences stand in `odd_households`, `odd_bodies` and `odd_conflict`, each with a small check. A sentence has to
stand in the document word for word, and its check has to hold.
"""

import odd_bodies
import odd_conflict
import odd_households
import pytest
from odd_prose import SENTENCES, prose, says, squeezed

PROSE = prose()
PARTS = (odd_bodies, odd_conflict, odd_households)
CORRECTED = (
    "unless the one who pressed last is trusted",
    "elsewhere nobody has signed one.",
    "below 15 days it costs none",
    "both at the market wage.",
    "Part of the money for materials is set aside for repairs.",
)
"""The five that once said something else than the code."""

each_sentence = pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence[:60])


@each_sentence
def test_the_sentence_stands_in_the_document_once(sentence):
    assert PROSE.count(sentence) == 1


@each_sentence
def test_the_model_does_what_the_sentence_says(sentence):
    SENTENCES[sentence]()


def test_the_table_holds_the_sentences_that_were_once_wrong_and_many_others():
    assert [part for part in CORRECTED if not any(part in sentence for sentence in SENTENCES)] == []
    assert len(SENTENCES) >= 80
    assert {check.__module__ for check in SENTENCES.values()} == {part.__name__ for part in PARTS}


def test_a_sentence_that_stands_elsewhere_in_the_line_is_found_and_one_that_was_changed_is_not():
    assert squeezed("a firm \n  *sues*   over") == "a firm *sues* over"
    assert "Severity is uniform from 0.4 to 1.6." in PROSE
    assert "Severity is uniform from 0.4 to 1.7." not in PROSE


def test_a_sentence_is_registered_once():
    with pytest.raises(AssertionError):
        says("Severity is uniform  from 0.4 to 1.6.")(lambda: None)
