"""Where the files of evidence lie: on this machine's disk, or in a bucket that several machines share.

Either way outside what the web serves, under random names, readable by the instance alone, and never overwritten.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings


class Store(Protocol):
    """A place of files. Names are those of ``store``."""

    def write(self, name: str, contents: bytes) -> None:
        """Raises ``FileExistsError`` for a name that is taken: nothing is overwritten."""

    def read(self, name: str) -> bytes:
        """Raises ``FileNotFoundError``."""

    def remove(self, name: str) -> None:
        """One that is gone already is no trouble."""

    def names(self) -> Iterator[str]:
        """Every file there, whoever put it."""

    def require_writable(self) -> None:
        """Raises ``OSError``, or the error of the bucket, when nothing can be kept there."""


class Disk:
    """Under ``EVIDENCE_ROOT``, in folders of two letters."""

    def write(self, name: str, contents: bytes) -> None:
        path = path_of(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())

    def read(self, name: str) -> bytes:
        return path_of(name).read_bytes()

    def remove(self, name: str) -> None:
        path_of(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        root = Path(settings.EVIDENCE_ROOT)
        return (path.name for path in sorted(root.glob("??/*")) if path.is_file()) if root.is_dir() else iter(())

    def require_writable(self) -> None:
        root = Path(settings.EVIDENCE_ROOT)
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(root, os.W_OK | os.X_OK):
            raise PermissionError(root)


class Bucket:
    """In ``EVIDENCE_S3_BUCKET``, under ``EVIDENCE_S3_PREFIX``. The store computes and keeps a SHA-256 of each file."""

    def __init__(self) -> None:
        self.bucket, self.prefix = settings.EVIDENCE_S3_BUCKET, settings.EVIDENCE_S3_PREFIX
        self.client: Any = _client(
            settings.EVIDENCE_S3_ENDPOINT or None,
            settings.EVIDENCE_S3_REGION or None,
            settings.EVIDENCE_S3_ACCESS_KEY or None,
            settings.EVIDENCE_S3_SECRET_KEY or None,
        )

    def write(self, name: str, contents: bytes) -> None:
        try:
            self.client.put_object(**self._at(name), Body=contents, IfNoneMatch="*", ChecksumAlgorithm="SHA256")
        except ClientError as error:
            if _status(error) == 412:
                raise FileExistsError(name) from error
            raise

    def read(self, name: str) -> bytes:
        try:
            contents: bytes = self.client.get_object(**self._at(name))["Body"].read()
        except ClientError as error:
            if _status(error) == 404:
                raise FileNotFoundError(name) from error
            raise
        return contents

    def remove(self, name: str) -> None:
        self.client.delete_object(**self._at(name))

    def names(self) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        for page in pages:
            for found in page.get("Contents", ()):
                yield str(found["Key"]).rpartition("/")[2]

    def require_writable(self) -> None:
        self.client.head_bucket(Bucket=self.bucket)

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{self.prefix}{name_of_ours(name)}"}


@lru_cache(maxsize=4)
def _client(endpoint: str | None, region: str | None, access_key: str | None, secret_key: str | None) -> Any:
    """One client for the whole process: it keeps its connections. Without keys, those of the machine's own role."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3}),
    )


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _store() -> Store:
    return Bucket() if settings.EVIDENCE_S3_BUCKET else Disk()


def store(contents: bytes) -> str:
    """Write a new file and return the random name it is kept under."""
    name = secrets.token_hex(32)
    _store().write(name, contents)
    return name


def put_back(name: str, contents: bytes) -> None:
    """Write a file of a backup under the name it had. One that is there already is left if it is the same.

    Raises ``FileExistsError`` if it is another one: nothing is overwritten.
    """
    try:
        _store().write(name, contents)
    except FileExistsError:
        if read(name) != contents:
            raise


def read(name: str) -> bytes:
    """A stored file. Raises ``FileNotFoundError``; ``ValueError`` for what is no name of ours."""
    return _store().read(name)


def discard(name: str) -> None:
    """Remove a stored file; one that is gone already is no trouble."""
    _store().remove(name)


def stored_names() -> Iterator[str]:
    """Every file that lies there, whoever put it."""
    return _store().names()


def require_writable() -> None:
    """Raises what the store raises when nothing can be kept."""
    _store().require_writable()


def path_of(name: str) -> Path:
    """The path of a file on the disk. Raises ``ValueError`` for what is no name of ours."""
    return Path(settings.EVIDENCE_ROOT) / name[:2] / name_of_ours(name)


def name_of_ours(name: str) -> str:
    """``name`` itself. Raises ``ValueError`` for what ``store`` never gave."""
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise ValueError("not the name of a stored file")
    return name
