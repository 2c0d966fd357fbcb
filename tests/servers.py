"""Servers that join the tests when they are there: named by RAPPORT_TEST_* variables, or found on loopback. Never production's."""

import os
from functools import cache

import psycopg
import redis
from elasticsearch import ApiError, Elasticsearch, TransportError

_POSTGRES = ("postgres://postgres@127.0.0.1:5432/postgres", "postgres://rapport@127.0.0.1:5432/postgres")
_REDIS = "redis://127.0.0.1:6379/15"
_ELASTICSEARCH = "http://127.0.0.1:9200"


@cache
def postgres_url() -> str:
    """A PostgreSQL server on which databases may be made and dropped; empty where there is none."""
    named = os.environ.get("RAPPORT_TEST_DATABASE_URL", "")
    for url in (named,) if named else _POSTGRES:
        try:
            with psycopg.connect(url, connect_timeout=2):
                return url
        except psycopg.OperationalError:
            if named:
                raise
    return ""


@cache
def redis_url() -> str:
    """A Redis server whose database may be wiped; empty where there is none."""
    named = os.environ.get("RAPPORT_TEST_REDIS_URL", "")
    try:
        redis.Redis.from_url(named or _REDIS, socket_connect_timeout=2).ping()
    except redis.exceptions.ConnectionError:
        if named:
            raise
        return ""
    return named or _REDIS


@cache
def elasticsearch_url() -> str:
    """An Elasticsearch server on which indexes may be made and dropped; empty where there is none."""
    named = os.environ.get("RAPPORT_TEST_ELASTICSEARCH_URL", "")
    client = Elasticsearch(named or _ELASTICSEARCH, request_timeout=5, max_retries=0)
    try:
        client.cluster.health(timeout="5s")
    except (ApiError, TransportError):
        if named:
            raise
        return ""
    finally:
        client.close()
    return named or _ELASTICSEARCH
