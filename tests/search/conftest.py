"""Papers to be searched, and an engine of its own for each test: embedded, and on a cluster where one answers."""

import uuid

import pytest
from elasticsearch import Elasticsearch

from search.engines.chosen import engine as chosen
from tests.search.papers import Papers, contributed
from tests.servers import elasticsearch_url


@pytest.fixture
def papers():
    made = Papers()
    with contributed(made):
        yield made


@pytest.fixture
def cluster():
    """The address of an Elasticsearch server and a prefix on it; what was made is removed."""
    url = elasticsearch_url() or pytest.skip("no Elasticsearch: set RAPPORT_TEST_ELASTICSEARCH_URL, or start one on loopback")
    name = f"rapport-test-{uuid.uuid4().hex}"
    yield url, name
    client = Elasticsearch(url)
    for index in client.indices.get(index=f"{name}*", allow_no_indices=True).body:
        client.indices.delete(index=index)
    client.close()


@pytest.fixture
def embedded(settings, tmp_path):
    """The embedded engine over a folder of its own."""
    settings.ELASTICSEARCH_URL, settings.SEARCH_DIR = "", tmp_path / "search"
    return chosen()


@pytest.fixture(params=["tantivy", "elasticsearch"])
def engine(request, settings, tmp_path):
    """Either engine, empty and of its own."""
    settings.SEARCH_DIR = tmp_path / "search"
    settings.ELASTICSEARCH_URL = ""
    if request.param == "elasticsearch":
        settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX = request.getfixturevalue("cluster")
    return chosen()
