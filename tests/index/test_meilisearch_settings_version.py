"""The settings belong to a version of the search keys: an index that has others asks for a reindex."""

import hashlib
import json

from customers.keys import KEYS_VERSION
from index.meilisearch_settings import SETTINGS


def test_other_settings_are_another_version() -> None:
    digest = hashlib.blake2b(json.dumps(SETTINGS, sort_keys=True).encode(), digest_size=8).hexdigest()
    assert (KEYS_VERSION, digest) == ("11", "9340c324ee19362b"), (
        "SETTINGS have changed, and the indexes that there are keep theirs: raise KEYS_VERSION in "
        "customers/keys.py, so that each is built anew, and write the new pair here"
    )
