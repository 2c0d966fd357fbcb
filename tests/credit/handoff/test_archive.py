"""The ZIP of a pack: whole and true, or refused, whatever was done to it; checked without a database (T13, safety row 19)."""

import io
import json
import zipfile
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.handoff import archive
from credit.handoff.archive import Member, Torn, document_name, index_of, of_bytes, verify
from credit.handoff.canonical import canonical, digest, digest_of

PART = {"section_01": {"text": "信貸"}, "attestation": None}
DOCUMENTS = {"documents/001-H10.pdf": b"%PDF-1.7 accounts" * 500, "documents/002-H12.pdf": b"%PDF-1.7 statements"}


def members(documents=None, part=PART, manifest=None):
    held = DOCUMENTS if documents is None else documents
    told = manifest or canonical(
        {
            "documents": [{"name": name, "sha256": digest(data), "size": len(data)} for name, data in DOCUMENTS.items()],
            "content": {"application": {key: digest_of(value) for key, value in PART.items()}},
        }
    )
    found = [of_bytes("manifest.json", told), of_bytes("content/application.json", canonical(part))]
    found += [of_bytes(name, data) for name, data in held.items()]
    found.append(of_bytes("pack.pdf", b"%PDF-1.7 the whole"))
    return [index_of(found, told), *found]


def made(rows=None):
    return b"".join(archive.stream(members() if rows is None else rows))


def asked(tmp_path, content):
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    return verify(path)


def rewritten(change):
    """The archive written anew by an ordinary program, with `change(names, data)` done to its members."""
    with zipfile.ZipFile(io.BytesIO(made())) as source:
        held = {info.filename: source.read(info) for info in source.infolist()}
    change(held)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive_:
        for name, data in held.items():
            archive_.writestr(name, data)
    return target.getvalue()


def test_an_untouched_archive_is_whole(tmp_path):
    assert asked(tmp_path, made()) == {"ok": True, "documents": 2, "problems": []}


def test_the_same_pack_makes_the_same_bytes():
    assert made() == made()


@given(place=st.integers(min_value=0, max_value=10**9), bit=st.integers(min_value=0, max_value=7))
def test_any_changed_bit_is_found(tmp_path_factory, place, bit):
    content = bytearray(made())
    content[place % len(content)] ^= 1 << bit
    assert not asked(tmp_path_factory.mktemp("bit"), bytes(content))["ok"]


def test_every_changed_byte_of_the_records_is_found(tmp_path):
    content = made()
    start = content.index(b"PK\x01\x02")
    for place in range(start, len(content)):
        torn = bytearray(content)
        torn[place] ^= 0x01
        assert not asked(tmp_path, bytes(torn))["ok"], place


@pytest.mark.parametrize("length", [0, 1, 30, 500, -1, -22, -400])
def test_a_cut_archive_is_found(tmp_path, length):
    content = made()
    assert not asked(tmp_path, content[:length] if length else b"")["ok"]


def test_something_behind_the_archive_is_found(tmp_path):
    assert not asked(tmp_path, made() + b"more")["ok"]
    assert not asked(tmp_path, b"before" + made())["ok"]


def test_a_document_that_is_missing_or_more_is_named(tmp_path):
    names = list(DOCUMENTS)
    less = asked(tmp_path, made(members({names[0]: DOCUMENTS[names[0]]})))
    assert less["problems"] == [f"{names[1]}: sealed, but missing"]
    more = asked(tmp_path, made(members(DOCUMENTS | {"documents/003-H13.pdf": b"%PDF extra"})))
    assert more["problems"] == ["documents/003-H13.pdf: not sealed"]


def test_another_document_with_an_index_made_to_fit_is_named(tmp_path):
    name = next(iter(DOCUMENTS))
    found = asked(tmp_path, made(members(DOCUMENTS | {name: b"%PDF forged"})))
    assert found["problems"] == [f"{name}: not the document that was sealed"]


def test_another_text_with_an_index_made_to_fit_is_named(tmp_path):
    found = asked(tmp_path, made(members(part={"section_01": {"text": "nothing adverse"}, "attestation": None})))
    assert found["problems"] == ["content/application.json: not the content that was sealed"]


def test_another_manifest_does_not_fit_the_seal(tmp_path):
    def change(held):
        held["manifest.json"] = held["manifest.json"].replace(b'"size":', b'"size": ')

    assert asked(tmp_path, rewritten(change))["problems"] == ["manifest.json: the seal does not fit"]


@pytest.mark.parametrize(
    "name",
    ["../evil.pdf", "/etc/passwd", "documents/../../x.pdf", "documents\\001-H10.pdf", "C:/x.pdf", "documents/001-H10.pdf/x", "a" * 300,
     "documents/001-H10.pdf\n", "content/Ａ.json", "documents/1-H10.pdf", "documents/001-.pdf", "documents/001-H10", ".hidden", "~/x",
     "pack.pdf ", "documents/001-H 10.pdf", "documents//001-H10.pdf", "./pack.pdf", "PACK.PDF", "content/../manifest.json",
     "documents/001-H10.p\u202edf", "con", "nul.pdf", "documents/", "content/", "index.json.bak", "documents/00001-H10.pdf",
     "documents/001-H10.verylong", "%2e%2e/x.pdf", "documents/001-H10.pdf:stream"],
)  # fmt: skip
def test_thirty_names_that_are_not_ours_are_refused(tmp_path, name):
    def change(held):
        held[name] = b"x"

    answer = asked(tmp_path, rewritten(change))
    assert not answer["ok"]
    assert any("not a name of a pack" in problem for problem in answer["problems"])


def test_a_packed_bomb_is_refused_unread(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in ("index.json", "manifest.json", "pack.pdf"):
            bomb.writestr(name, b"0" * 30_000_000)
    assert asked(tmp_path, target.getvalue())["problems"] == ["a member is packed or locked"]


def test_members_that_overlap_are_refused(tmp_path):
    content = made()
    doubled = rewritten(lambda held: None)
    assert asked(tmp_path, content)["ok"]
    assert asked(tmp_path, doubled)["problems"] == ["the archive's own records were changed"]


def test_a_name_that_stands_twice_is_refused(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive_:
        archive_.writestr("pack.pdf", b"a")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive_.writestr("pack.pdf", b"b")
    assert "a name stands there twice" in asked(tmp_path, target.getvalue())["problems"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"format":1}', b"\xff\xfe", b"{" * 5000])
def test_an_index_that_is_none_is_no_crash(tmp_path, content):
    assert not asked(tmp_path, rewritten(lambda held: held.update({"index.json": content})))["ok"]


def test_a_document_that_changed_on_the_disk_stops_the_writing():
    torn = Member("pack.pdf", 3, sha256(b"abc").hexdigest(), lambda: (b"abd",))
    with pytest.raises(Torn):
        b"".join(archive.stream([torn]))


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [("H10", "Accounts 2025.PDF", "documents/001-H10.pdf"), ("../H", "x/../../evil", "documents/001-H.evil"),
     ("", "a.<script>", "documents/001-X.scrip"), ("F46", "無名", "documents/001-F46.bin"), ("A b", "x.tar.gz", "documents/001-Ab.gz")],
)  # fmt: skip
def test_names_in_the_archive_are_ours(code, name, expected):
    made_name = document_name(1, code, name)
    assert made_name == expected
    assert archive._NAME.fullmatch(made_name)


def test_canonical_json_has_one_form_only():
    assert canonical({"b": 1, "a": "信"}) == '{"a":"信","b":1}'.encode()
    with pytest.raises(ValueError, match=r"JSON compliant"):
        canonical(float("nan"))
    assert json.loads(canonical({"z": [1, None]})) == {"z": [1, None]}
