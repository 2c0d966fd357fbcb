"""Rich text is light marks read into blocks; nothing in it can run."""

from django.template.loader import render_to_string

from credit.memos.rich import BULLETS, HEADING, NUMBERS, PARAGRAPH, TABLE, blocks, tidied


def drawn(text):
    return render_to_string("memos/text.html", {"blocks": blocks(tidied(text))})


def test_marks_become_blocks_in_their_order():
    text = (
        "# Market\nGrows by **8 %** a year.\n\n- shops\n- hotels\n1. first\n2) second\n| Risk | Softened by |\n|---|---|\n| FX | forward |"
    )
    found = blocks(text)
    assert [block.kind for block in found] == [HEADING, PARAGRAPH, BULLETS, NUMBERS, TABLE]
    assert [(span.text, span.style) for span in found[1].lines[0]] == [("Grows by ", ""), ("8 %", "bold"), (" a year.", "")]
    assert [[cell[0].text for cell in row] for row in found[4].rows] == [["Risk", "Softened by"], ["FX", "forward"]]


def test_what_is_pasted_as_html_is_shown_as_text():
    html = drawn("<script>alert(1)</script>\n- <img src=x onerror=alert(1)>\n| <b>a</b> | javascript:alert(1) |\n**<i>x</i>**")
    assert "<script" not in html
    assert "<img" not in html
    assert "<i>x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_controls_and_odd_line_ends_are_tidied():
    assert tidied("a\r\nb\rc\x00\x07\n\n\n\nd  \n") == "a\nb\nc\n\nd"


def test_tables_of_uneven_rows_are_filled_and_wide_ones_cut():
    rows = blocks("| a | b | c |\n| d |")[0].rows
    assert [len(row) for row in rows] == [3, 3]
    assert len(blocks("|" + "x|" * 30)[0].rows[0]) == 12


def test_an_empty_text_has_no_blocks():
    assert blocks("") == []
