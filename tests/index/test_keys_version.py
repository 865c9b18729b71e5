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
OF_DOCUMENTS = "f0b76bb0148b0e16"

NAMES = f"""
Søren Kjær|Anne-Marie O'Brien|Åse Aagaard Ågård|Dam A/S|H.C. Ørsted|Bageriet Æblet ApS|Ida van den Brink
Christa Bach Beck|Rocco Quist|Cecilie Cyrus|Sophie Philipsen|Schou Sjöberg Skjold Ashby|Thea Schmidt Brandt
Vaughn Berghe|Max Alex|William Ewald|Zacharias Franz|Carl Claus|Hjalmar Gjertsen Jan|Ahlers Maja
Anna Hanna Otto|Großmann Müller Mueller|Łukasz Þór Đorđe Œuvre|Иван Петров|Müller & Söhne GmbH|Bo Bø Bo
Maximilian-Alexander von Hohenzollern-Sigmaringen|Kaae Kåe|Ølgod Übel Ängel Oerum Ueland Aebi|lars  hansen
ørn ås öhl üb äng œuf ığ ŋo łó ðó þó|Konstantinopolis|AS ApS
ÅS Dam|Anna Andersen|Boee Huee|A\u030age 'Åby 'Aabel|ﬁnn ½ ²|Dam AG|Bos VOF|Dam ASA Åsa|{"x" * 62}
"""
OTHERS = {
    "identifier": [
        *("1", "C-10023", "KD001054", "DK-0124-591B", "INFO", "AAGE", "KUND/10/000682", "---", "2024-5678"),
        *("ABCD-123", "K-0145", "Ｃ-１２", "ABCD1234567890123456"),
    ],
    "phone": [
        *("+45 12 34 56 78", "12345678", "0045 12 34 56 78", "070-123 45 67", "+46 (0)70 123 45 67", "123"),
        *("+99", "020 7946 0958", "+31 20 300 82 70", "030/123456 und 0171 2345678", "12345678 87654321"),
        *("12345678/87654321", "12345678 (87654321)", "+1 212 555 0100", "12345678; 22334455"),
        *("12345678 & 22334455", "+45 12345678 +46 701234567", "(+45) 12 34 56 78", "123456 12-3456"),
        *("+370 812345678", "+354 5812345", "+49 1234567890123", "+49 12345678901234"),
    ],
    "email": [
        *(
            "ida.dam+shop@post.example",
            "o'brien_a@mail.example",
            "info@x.dk",
            "laueen.williams7@gmail.example",
        ),
        "1234567ab@cd.dk",
    ],
    "organization_number": [
        *("DK12345678", "NO987654321MVA", "CHE-123.456.789 MWST", "NL123456789B01", "SE556677889901"),
        *("ATU12345678", "87 65 43 21"),
    ],
    "additional_info": ["Ring AB-1234, rabat", "Kontakt: Åse"],
}
PLACES = [
    {"street": "Nygade 12-14, 2. tv", "city": "Aarhus C", "postal_code": "8000", "country": "Danmark"},
    {"street": "Ørsted Allé 3B", "city": "London", "postal_code": "SW1A 1AA", "country_code": "uk"},
    {"street": "Äppelvägen 7", "city": "Malmö", "postal_code": "AE 211", "country": "Sverige"},
    {"city": "'s-Gravenhage", "postal_code": "1012 AB", "country": "Nederland", "country_code": "NL"},
    {"street": "Hauptstr. 5", "city": "Überlingen", "postal_code": "D-10115", "country": "Österreich"},
]


def customers() -> list[Customer]:
    """Made-up ones, with something for every rule that makes a key of it."""
    apart: list[dict[str, Any]] = [{field: text} for field, texts in OTHERS.items() for text in texts]
    apart += [{"name": name} for name in NAMES.strip().replace("\n", "|").split("|")]
    apart += [{**place, "phone": "020 7946 0958"} for place in PLACES]
    return [*EVERYONE, *(Customer(**{"identifier": "", **fields}) for fields in apart)]


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
