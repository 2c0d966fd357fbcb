"""A form is carried out once (T8): twenty copies at once make one row and get twenty equal answers."""

import threading

import pytest
from django.db import connections

from crm.kernel.errors import RuleBroken
from crm.kernel.models import Sequence, Submission
from crm.kernel.submissions import new_key, submit_once
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk():
    return cast.build().rm


def test_a_second_click_gets_the_first_answer(clerk):
    key = new_key()
    answers = [
        submit_once(key, actor=clerk, operation="x", body={"a": 1}, action=lambda: {"n": Sequence.take("S", 2026)}) for _ in range(3)
    ]
    assert answers == [{"n": 1}] * 3


def test_the_same_key_with_another_body_is_refused(clerk):
    key = new_key()
    submit_once(key, actor=clerk, operation="x", body={"a": 1}, action=lambda: {})
    with pytest.raises(RuleBroken) as refusal:
        submit_once(key, actor=clerk, operation="x", body={"a": 2}, action=lambda: {})
    assert refusal.value.code == "key_reused"


def test_an_action_that_is_refused_may_be_tried_again_under_the_same_key(clerk):
    key = new_key()

    def refuse():
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        submit_once(key, actor=clerk, operation="x", body={}, action=refuse)
    assert submit_once(key, actor=clerk, operation="x", body={}, action=lambda: {"ok": True}) == {"ok": True}


def test_twenty_copies_at_once_make_one_row_and_twenty_equal_answers(clerk):
    key, answers, barrier = new_key(), [], threading.Barrier(20)

    def send():
        try:
            barrier.wait()
            answers.append(submit_once(key, actor=clerk, operation="x", body={"a": 1}, action=lambda: {"n": Sequence.take("P", 2026)}))
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"n": 1}] * 20
    assert Submission.objects.filter(key=key).count() == 1
    assert Sequence.objects.get(prefix="P").last == 1
