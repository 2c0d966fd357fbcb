"""Requests that wait for a decision in `/approvals/`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.errors import Sentence


@dataclass(frozen=True)
class ApprovalCard:
    """One request in the list of those that wait: whom it is about, what is asked in a line, and who asked.

    `plain`: within every limit and without a flag, so that it may be decided together with others. `flags` are what a decider must see.
    """

    title: str
    line: Sentence
    url: str
    asked_by: str = ""
    plain: bool = False
    flags: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class ApprovalAct:
    """One thing that a decider may do: its code, its word, the key that does it, and the fields of the pane's form that it reads.

    The key is a letter, but for g, j and k. A field outside `needs` may be empty, though the form requires it; whether one of `needs` may
    be empty is the service's to say, by a RuleBroken that names the field. `refusal`: why this person may not do it now; the button then
    shows it.
    """

    code: str
    label: Sentence
    key: str
    tone: str = ""
    needs: tuple[str, ...] = ()
    refusal: Sentence = ""


@dataclass(frozen=True)
class ApprovalPane:
    """All that a decider needs of one request: `template` reads `context` as `pane`; `form_class` holds the fields of the acts."""

    number: str
    title: str
    template: str
    context: Mapping[str, Any]
    acts: tuple[ApprovalAct, ...]
    form_class: type
    form_kwargs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def refusals(self) -> tuple[Sentence, ...]:
        """Why some of the acts may not be done now, each sentence once."""
        return tuple(dict.fromkeys(act.refusal for act in self.acts if act.refusal))


@dataclass(frozen=True)
class ApprovalKind:
    """A kind of request that waits for a decision in `/approvals/`; `kind` is that of its work item, whose subject is the request.

    `cards(user, ids)` gives the cards of those requests that this person may see, by id, with two statements at most for all of them.
    `pane(user=, subject_id=, now=)` gives one request; the model's DoesNotExist where hidden. `decide(subject_id=, act=, data=, actor=,
    now=)` is the service that carries an act out, with the form's cleaned data, and closes the work item (or passes it on to another
    queue); what it returns may have a `get_absolute_url`. `escalate(subject_id=, now=)` passes one up whose time is over; None: it waits.
    `together`: the codes of acts that may be done to many plain requests at once.
    """

    kind: str
    label: Sentence
    tone: str
    cards: Callable[[Any, Sequence[int]], Mapping[int, ApprovalCard]]
    pane: Callable[..., ApprovalPane]
    decide: Callable[..., Any]
    escalate: Callable[..., Any] | None = None
    together: tuple[str, ...] = ("approve",)
    order: int = 0
