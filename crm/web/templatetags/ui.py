"""The parts that pages are made of. Loaded in every template (settings, `builtins`), so no `{% load %}` is needed.

Small parts, cheap enough for each row of a list:
    {% icon "visits" %}                        a symbol of icons.svg; {% icon "warn" _("Late") %} gives it a name for screen readers
    {% chip _("Stuck") "seal" %}               a word on a tone: jade, seal, amber, indigo, or none
    {% avatar user %}                          initials of a person, company or plain name
    {% when visit.happened_at %}               "3 h ago", the exact time on hover; due=True for terms: "in 25 min", "1 day late", coloured
    {% money deal.amount deal.currency %}      "HK$ 41,200,000.00"; short=True "HK$ 41.2m"
    {% both_names company %}                   the reader's script first, the other beside it (name_en, name_zh)
    {% bar used cap _("Used") next=reserved %} a bar as SVG; {% spark values _("Fee share") %} a small line
    {% query_replace page=2 q=None %}          this page's query string with these values replaced, or dropped where None or empty

Forms:
    {% form_errors form %}                     "One thing to put right" with a link to each field
    {% field form.happened_at %}               label, control, hint and error, wired for screen readers; radio and checkbox groups as picks

Blocks:
    {% card _("Do now") note=… url=… link=_("All 7") %}…{% endcard %}
    {% empty _("No visits yet") _("Log the first one…") icon="visits" url=… action=_("Log a visit") %}
    {% phone_tabs nav_sections as tabs %}      what stands left and right of Log in the phone's bar

Templates to include: web/components/{facts,kv,tabs,timeline,stepper,palette_results}.html; each says at its
head what it takes. To extend: web/base.html (page), web/lone.html (without menu), web/dialog.html (a fragment for the dialog; it has
the block names of base.html, so that `{% extends layout %}` serves both).

Classes of ui.css
    Page: page, pagehead, crumbs, sub, acts, grid (+ aside, split, halves, today), lead, stack, pair, cluster, push, nowrap, card, sect.
    List: tools > .search, filters > a.on, tw > table.cards (data-label on cells; the th scope=row is the card's title), num, rowpick,
    bulkbar, pager, queue, facets, rows, check. Record: facts, kv, tabs, timeline, steps, stepper.
    Words: chip, note (+ tone), dot, when, money, link, mute, jade-ink, seal-ink, amber-ink, prose, hash, sr, reason.
    Acts: btn (+ primary, bad, quiet, small, only, big, full), menu > summary + .pop, deck, drop, draft-note.
    Overlays: modal, sheet, palette, messages > .msg. Board: board > lane > ul > deal > grip, foot. Not on paper: noprint.

Attributes for the scripts: data-draft=KEY and data-guard on forms; data-row, data-open (a row's link), data-select, data-select-all,
data-count on lists; data-dialog on a link whose page is also a fragment; data-board, data-lane, data-card, data-move-url, data-grip.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, MultiWidget, RadioSelect
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.money import Money
from crm.web import components

register = template.Library()

SOON = dt.timedelta(hours=1)
NOTHING = mark_safe("")
REMEMBERED = 4_096


@cache
def _sprite() -> str:
    """The address of the symbols, looked up once."""
    return static("web/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A symbol of icons.svg. Without a label it is decoration and hidden from screen readers."""
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, _sprite(), name)
    return _symbol(name)


@lru_cache(maxsize=256, typed=True)
def _symbol(name: str) -> SafeString:
    """Pages have a hundred of them and draw the same few."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.simple_tag
def chip(text: Any, tone: str = "") -> SafeString:
    """A word on a tone (jade, seal, amber, indigo or none); nothing where the text is empty."""
    return format_html('<span class="chip {}">{}</span>', tone, text) if text else NOTHING


@register.simple_tag
def avatar(who: Any) -> SafeString:
    """Initials of a user, a company or a plain name. Decoration: the name stands beside it."""
    name = who if isinstance(who, str) else getattr(who, "name", None) or str(who or "")
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', components.initials(name))


@register.simple_tag
def when(moment: dt.datetime | dt.date | None, *, due: bool = False) -> SafeString:
    """A time as seen from now, with the exact one on hover. `due`: it is a term, coloured when late or soon. Nothing for None."""
    if moment is None:
        return NOTHING
    now = timezone.now()
    if not isinstance(moment, dt.datetime):
        return _day(moment, timezone.localdate(now), due, get_language() or "en")
    local = timezone.localtime(moment)
    if not due and abs(now - moment) > components.ANCIENT:
        return _moment(local.replace(tzinfo=None, second=0, microsecond=0), local.isoformat(timespec="minutes"), get_language() or "en")
    shown = clock.relative(moment, now) if due else components.happened(moment, now)
    return _time(_due_tone(moment - now) if due else "", local.isoformat(timespec="minutes"), f"{local:%Y-%m-%d %H:%M}", shown)


@lru_cache(maxsize=REMEMBERED)
def _day(day: dt.date, today: dt.date, due: bool, language: str) -> SafeString:
    """A day. Lists show the same few days in row after row, for reader after reader: remembered, by the language in force."""
    exact = day.isoformat()
    return _time("late" if due and day < today else "", exact, exact, components.day(day, today, due=due))


@lru_cache(maxsize=REMEMBERED)
def _moment(local: dt.datetime, machine: str, language: str) -> SafeString:
    """A time more than a month away, to the minute, which reads as its date. Without its zone: one instant is equal in all of them."""
    return _time("", machine, f"{local:%Y-%m-%d %H:%M}", date_format(local, "DATE_FORMAT"))


def _time(tone: str, machine: str, exact: str, shown: str) -> SafeString:
    return format_html('<time class="when {}" datetime="{}" title="{}">{}</time>', tone, machine, exact, shown)


def _due_tone(left: dt.timedelta) -> str:
    if left < dt.timedelta():
        return "late"
    return "soon" if left < SOON else ""


@register.simple_tag
def money(amount: Money | Decimal | int | None, currency: str = "HKD", *, short: bool = False) -> SafeString:
    """An amount with its currency; in short the exact amount stands on hover. Nothing for None. A Money brings its own currency."""
    if amount is None:
        return NOTHING
    sum_of = amount if isinstance(amount, Money) else Money(Decimal(amount), currency)
    return _money(sum_of.amount, sum_of.currency, get_language() or "en" if short else "")


@lru_cache(maxsize=REMEMBERED)
def _money(amount: Decimal, currency: str, short_in: str) -> SafeString:
    """Whole, or short in a language. Remembered, since pages are read again and again."""
    sum_of = Money(amount, currency)
    if not short_in:
        return format_html('<span class="money">{}</span>', str(sum_of))
    return format_html('<span class="money" title="{}">{}</span>', str(sum_of), sum_of.short(short_in))


@register.simple_tag
def both_names(named: Any) -> SafeString:
    """The name in the reader's script, the other one beside it. Takes anything with `name_en` and `name_zh`."""
    english, chinese = named.name_en, named.name_zh
    if not english or not chinese or english == chinese:
        return format_html('<span class="names">{}</span>', english or chinese or str(named))
    language = get_language() or "en"
    if language.startswith("zh"):
        return format_html('<span class="names">{} <span lang="en">{}</span></span>', chinese, english)
    return format_html('<span class="names">{} <span lang="zh-Hant">{}</span></span>', english, chinese)


@register.simple_tag
def bar(used: Any, cap: Any, label: str, *, next: Any = 0, tone: str = "") -> SafeString:  # noqa: A002 - reads as the page says it
    """How much of a cap is used, and by `next` how much more will be. Over the cap it turns to seal. Width by attribute, for the CSP."""
    share, after = components.percent_of(used, cap), components.percent_of(used + next, cap)
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 7" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="next" width="{}" height="7"/><rect width="{}" height="7"/></svg>',
        tone or ("bad" if used > cap else ""),
        _("%(label)s: %(share)s%%") % {"label": label, "share": f"{share:g}"},
        after,
        share,
    )


@register.simple_tag
def spark(values: Sequence[float], label: str, *, is_worse: bool | None = None) -> SafeString:
    """A small line of values, oldest first, with a dot on the newest. The label says in words what the line shows.

    The dot turns to seal where things got worse: where the values fell, unless `is_worse` says.
    """
    points = components.line([float(value) for value in values], width=72, height=22)
    if not points:
        return NOTHING
    path = "M" + " ".join(f"{x} {y}" for x, y in points)
    end_x, end_y = points[-1]
    return format_html(
        '<svg class="spark {}" viewBox="0 0 72 22" role="img" aria-label="{}"><path d="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        "down" if (values[-1] < values[0] if is_worse is None else is_worse) else "",
        label,
        path,
        end_x,
        end_y,
    )


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **replaced: Any) -> str:
    """This page's query string with values replaced. None or "" drops a key; a list gives a key several values."""
    query = context["request"].GET.copy()
    for key, value in replaced.items():
        query.pop(key, None)
        if isinstance(value, (list, tuple)):
            query.setlist(key, [str(item) for item in value])
        elif value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """What to put right, with a link to each field; nothing where the form is in order."""
    if not form.errors:
        return NOTHING
    whole = format_html_join("", "<p>{}</p>", ((error,) for error in form.non_field_errors()))
    wrong = [bound for bound in form if bound.errors]
    if not wrong:
        return format_html('<div class="note seal" role="alert" data-errors>{}</div>', whole)
    count = len(wrong)
    head = ngettext("%(count)d thing to put right:", "%(count)d things to put right:", count) % {"count": count}
    links = format_html_join(" · ", '<a href="#{}">{}</a>', ((_target(bound), bound.label) for bound in wrong))
    return format_html('<div class="note seal" role="alert" data-errors>{}<p><b>{}</b> {}</p></div>', whole, head, links)


def _target(bound: BoundField) -> str:
    """What a link to the field leads to: the control, or the first of a group."""
    return bound.id_for_label or next((option.id_for_label for option in _options(bound)), bound.auto_id)


def _options(bound: BoundField) -> list[Any]:
    """The choices of a group, without the empty one that Django adds to optional fields: in a group nothing chosen says the same."""
    return [option for option in bound if option.data["value"] != ""]


@register.simple_tag
def field(bound: BoundField, label: str = "", *, optional: bool = True) -> SafeString:
    """A form field: label, control, hint, error. `label` replaces the form's; `optional=False` leaves out that word. Hidden: bare."""
    if bound.is_hidden:
        return bound.as_widget()
    text = label or bound.label
    name = text if bound.field.required or not optional else format_html("{} <small>({})</small>", text, _("optional"))
    below = format_html("{}{}", _error(bound), _hint(bound))
    widget = bound.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        describedby = format_html(' aria-describedby="{}"', bound.aria_describedby) if bound.aria_describedby else NOTHING
        picks = format_html_join("", "<label>{}{}</label>", ((option.tag(), option.choice_label) for option in _options(bound)))
        return format_html(
            '<fieldset class="field"{}><legend>{}</legend><div class="pick">{}</div>{}</fieldset>', describedby, name, picks, below
        )
    if isinstance(widget, MultiWidget):
        return format_html('<fieldset class="field"><legend>{}</legend>{}{}</fieldset>', name, bound.as_widget(), below)
    if isinstance(widget, CheckboxInput):
        return format_html(
            '<div class="field"><div class="tick">{}<label for="{}">{}</label></div>{}</div>',
            bound.as_widget(),
            bound.id_for_label,
            text,
            below,
        )
    return format_html('<div class="field"><label for="{}">{}</label>{}{}</div>', bound.id_for_label, name, bound.as_widget(), below)


def _hint(bound: BoundField) -> SafeString:
    return format_html('<p class="hint" id="{}_helptext">{}</p>', bound.auto_id, bound.help_text) if bound.help_text else NOTHING


def _error(bound: BoundField) -> SafeString:
    return (
        format_html('<p class="err" id="{}_error">{}</p>', bound.auto_id, " ".join(str(error) for error in bound.errors))
        if bound.errors
        else NOTHING
    )


@register.simple_block_tag
def card(content: str, title: str, *, note: str = "", url: str = "", link: str = "") -> SafeString:
    """A card with a heading, a remark beside it and a link at its end. The content brings its own `body` where it wants a margin."""
    remark = format_html("<small>{}</small>", note) if note else NOTHING
    onward = format_html('<a href="{}">{}</a>', url, link) if url else NOTHING
    return format_html('<section class="card"><header><h2>{}</h2>{}{}</header>{}</section>', title, remark, onward, content)


@register.inclusion_tag("web/components/empty.html")
def empty(title: str, text: str = "", *, icon: str = "", url: str = "", action: str = "") -> dict[str, str]:
    """An empty state that says what to do first."""
    return {"title": title, "text": text, "icon": icon, "url": url, "action": action}


@register.simple_tag
def phone_tabs(sections: Iterable[dict[str, Any]] | None) -> dict[str, list[dict[str, Any]]]:
    """Three entries of the menu for the phone's bar, two left and one right of Log: those marked `on_phone`, else the first."""
    entries = [item for section in sections or () for item in section["items"]]
    chosen = ([item for item in entries if item.get("on_phone")] or entries)[:3]
    return {"left": chosen[:2], "right": chosen[2:]}
