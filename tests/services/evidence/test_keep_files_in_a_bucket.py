"""Files of evidence in a bucket of an S3 store: the same port as the disk, and nothing is ever overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from checklists.services.evidence import files as evidence_files

NAME = "ab" * 32


@pytest.fixture(params=["disk", "bucket"])
def place(request: pytest.FixtureRequest, settings, tmp_path) -> Iterator[str]:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    if request.param == "disk":
        yield "disk"
        return
    settings.EVIDENCE_S3_BUCKET, settings.EVIDENCE_S3_REGION = "porte-cles", "eu-west-3"
    settings.EVIDENCE_S3_ACCESS_KEY = settings.EVIDENCE_S3_SECRET_KEY = "only-for-tests"
    evidence_files._client.cache_clear()
    with mock_aws():
        place = {"LocationConstraint": "eu-west-3"}
        _client().create_bucket(Bucket="porte-cles", CreateBucketConfiguration=place)
        yield "bucket"
    evidence_files._client.cache_clear()
    assert not settings.EVIDENCE_ROOT.exists()


def _client():
    return boto3.client("s3", "eu-west-3", aws_access_key_id="only-for-tests", aws_secret_access_key="only-for-tests")


def test_a_file_is_kept_read_listed_and_removed(place: str) -> None:
    evidence_files.require_writable()
    names = {evidence_files.store(f"clause {number}".encode()) for number in range(3)}
    assert set(evidence_files.stored_names()) == names
    name = names.pop()
    assert evidence_files.read(name).startswith(b"clause ")
    evidence_files.discard(name)
    evidence_files.discard(name)
    assert set(evidence_files.stored_names()) == names
    with pytest.raises(FileNotFoundError):
        evidence_files.read(name)


def test_nothing_is_overwritten(place: str) -> None:
    evidence_files.put_back(NAME, b"the file that was sent")
    evidence_files.put_back(NAME, b"the file that was sent")
    with pytest.raises(FileExistsError):
        evidence_files.put_back(NAME, b"another")
    assert evidence_files.read(NAME) == b"the file that was sent"


def test_no_other_name_is_read(place: str) -> None:
    for wrong in ("../secret_key", "a" * 63, "A" * 64, ""):
        with pytest.raises(ValueError, match="not the name"):
            evidence_files.read(wrong)


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
def test_the_store_keeps_a_hash_and_a_bucket_that_is_gone_is_told(place: str, settings) -> None:
    name = evidence_files.store(b"clause 12")
    kept = _client().head_object(Bucket="porte-cles", Key=f"evidence/{name}", ChecksumMode="ENABLED")
    assert kept["ChecksumSHA256"]
    assert hashlib.sha256(evidence_files.read(name)).hexdigest() == hashlib.sha256(b"clause 12").hexdigest()
    settings.EVIDENCE_S3_BUCKET = "nobody-has-this-one"
    with pytest.raises(ClientError):
        evidence_files.require_writable()
