"""What an index keeps belongs to a version of the search keys: one that keeps something else asks for a
reindex."""

import hashlib
import json
from typing import Any

from customers.customer import Customer
from customers.document import to_document
from customers.keys import KEYS_VERSION
from customers.settings import SearchSettings
from index.meilisearch_documents import DIGEST, to_line
from index.meilisearch_settings import SETTINGS
from index.tantivy_query import FIELDS
from tests.people import EVERYONE

# The version, and what is kept under it.
VERSION = "12"
OF_SETTINGS = "9340c324ee19362b"
OF_FIELDS = "84703cfa05ac621d"
OF_DOCUMENTS = "85be45a507b0eb4f"

NAMES = """
Søren Kjær|Anne-Marie O'Brien|Åse Aagaard Ågård|Dam A/S|H.C. Ørsted|Bageriet Æblet ApS|Ida van den Brink
Christa Bach Beck|Rocco Quist|Cecilie Cyrus|Sophie Philipsen|Schou Sjöberg Skjold Ashby|Thea Schmidt Brandt
Vaughn Berghe|Max Alex|William Ewald|Zacharias Franz|Carl Claus|Hjalmar Gjertsen Jan|Ahlers Maja
Anna Hanna Otto|Großmann Müller Mueller|Łukasz Þór Đorđe Œuvre|Иван Петров|Müller & Söhne GmbH|Bo Bø Bo
Maximilian-Alexander von Hohenzollern-Sigmaringen|Kaae Kåe|Ølgod Übel Ängel Oerum Ueland Aebi|lars  hansen
ørn ås öhl üb äng œuf ığ ŋo łó ðó þó|Konstantinopolis|AS ApS
"""
OTHERS = {
    "identifier": [
        "1",
        "C-10023",
        "KD001054",
        "DK-0124-591B",
        "INFO",
        "KUND/10/000682",
        "---",
        "2024-5678",
        "ABCD-123",
    ],
    "phone": [
        *("+45 12 34 56 78", "12345678", "0045 12 34 56 78", "070-123 45 67", "+46 (0)70 123 45 67", "123"),
        *("+99", "020 7946 0958", "+31 20 300 82 70", "030/123456 und 0171 2345678", "12345678 87654321"),
        *("12345678/87654321", "12345678 (87654321)", "+1 212 555 0100"),
    ],
    "email": [
        "ida.dam+shop@post.example",
        "o'brien_a@mail.example",
        "info@x.dk",
        "laueen.williams7@gmail.example",
    ],
    "organization_number": [
        "DK12345678",
        "NO987654321MVA",
        "CHE-123.456.789 MWST",
        "NL123456789B01",
        "SE556677889901",
        "ATU12345678",
        "87 65 43 21",
    ],
    "additional_info": ["Ring AB-1234, rabat", "Kontakt: Åse"],
}
PLACE = ("street", "city", "postal_code", "country", "country_code")
PLACES = [
    ("Nygade 12-14, 2. tv", "Aarhus C", "8000", "Danmark", "dk"),
    ("Ørsted Allé 3B", "London", "SW1A 1AA", "England"),
    ("Äppelvägen 7", "Malmö", "211 20", "Sverige"),
    (None, "'s-Gravenhage", "1012 AB", "Nederland", "NL"),
    ("Hauptstr. 5", "Überlingen", "D-10115", None, "de"),
    (),
]


def customers() -> list[Customer]:
    """Made-up ones, with something for every rule that makes a key of it."""
    made = []
    for at, name in enumerate(NAMES.strip().replace("\n", "|").split("|")):
        fields: dict[str, Any] = {field: texts[at % len(texts)] for field, texts in OTHERS.items()}
        fields.update(zip(PLACE, PLACES[at % len(PLACES)], strict=False))
        made.append(Customer(name=name, **fields))
    return [*EVERYONE, *made, *map(Customer, OTHERS["identifier"])]


def kept(customer: Customer) -> dict[str, Any]:
    """All that an index keeps of a customer, but for the digest, which the version is a part of."""
    document = to_document(customer, SearchSettings())
    content: dict[str, Any] = json.loads(to_line(document, "g"))
    del content[DIGEST]
    return content


def digest(content: object) -> str:
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=8).hexdigest()


def test_what_is_kept_belongs_to_the_version() -> None:
    """Where this fails the indexes that there are keep what they have: raise KEYS_VERSION in
    customers/keys.py, so that each is built anew, and write here what is kept under the new one."""
    found = (digest(SETTINGS), digest(FIELDS), digest([kept(customer) for customer in customers()]))
    assert (KEYS_VERSION, *found) == (VERSION, OF_SETTINGS, OF_FIELDS, OF_DOCUMENTS)
