"""The embedded mode's broker: what is written while somebody reads arrives whole, once, and in order."""

import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

MESSAGES = 1_500


@pytest.fixture
def options(tmp_path: Path) -> dict[str, str]:
    folders = {"data_folder_in": tmp_path / "queue", "data_folder_out": tmp_path / "queue", "control_folder": tmp_path / "control"}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    return {name: str(folder) for name, folder in folders.items()}


def channel(options: dict[str, str]) -> Any:
    return Connection(transport="crm.kernel.broker:Transport", transport_options=options).channel()


def test_messages_arrive_in_the_order_in_which_they_were_sent(options: dict[str, str]) -> None:
    broker = channel(options)
    for number in range(20):
        broker._put("work", {"number": number})
    broker._put("other", {"number": 99})
    assert [broker._get("work")["number"] for _ in range(20)] == list(range(20))
    with pytest.raises(Empty):
        broker._get("work")


def test_a_message_that_is_still_being_written_is_not_there_yet(options: dict[str, str]) -> None:
    writer, reader = channel(options), channel(options)

    class ReadMeanwhile:
        def __json__(self) -> str:
            with pytest.raises(Empty):
                reader._get("work")
            return "whole"

    writer._put("work", {"body": ReadMeanwhile()})
    assert reader._get("work") == {"body": "whole"}


def test_readers_beside_a_writer_get_every_message_whole_and_once(options: dict[str, str]) -> None:
    got: list[int] = []
    failures: list[BaseException] = []
    written = threading.Event()

    def read() -> None:
        broker = channel(options)
        try:
            while True:
                over = written.is_set()
                try:
                    got.append(broker._get("work")["number"])
                except Empty:
                    if over:
                        return
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    writer = channel(options)
    for number in range(MESSAGES):
        writer._put("work", {"number": number, "body": "x" * 500})
    written.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert sorted(got) == list(range(MESSAGES))
    assert list(Path(options["data_folder_in"]).iterdir()) == []
