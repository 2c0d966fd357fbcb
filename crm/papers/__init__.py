"""What a client may read: templates in three languages, the fields that they may name, the phrases that never leave the bank; PDFs.

A feature that writes to clients contributes a purpose of its own, with fields of class P and K alone (any other class is a ValueError):

    CONFIRMATION = PaperContext(
        "concession_confirmation",
        _("Confirmation of a concession"),
        (*LETTER_FIELDS, PaperField("granted", _("What was granted"), "K", lambda letter: letter.about.client_words, {"en": "…", …})),
    )
    register(CONFIRMATION)

Each field is asked with a `LetterSubject` (company, contact, sender, post, phone, day, and `about`: the feature's record), in the letter's
language. Editors then write templates for the purpose under /cms/, and the rules of `crm.papers.rules` hold for it. The feature writes with

    order = LetterOrder(template.pk, "zh-hant", contact_id, phone, context="concession_confirmation", about=concession)
    letter = services.write_letter(company_id=…, order=order, actor=…, now=…)

outside any transaction (a refusal leaves a row on the trail and raises PaperRefused), or from a page: a subclass of `views.LetterCreate`
with its `model`, `company`, `about`, and a subclass of `forms.LetterForm` with its `context`. Whoever looks after the company may write,
whoever sees the relationship may read; what else the feature asks for it checks before. Its letters: `Letter.objects.about(concession)`.

Each letter has its page (`letter.get_absolute_url()`) with "Download PDF". `services.letter_pdf(letter_id=…, actor=…, now=…)` gives name
and bytes, after the text of the finished PDF has been held against the phrases once more, and writes down who took it.
"""
