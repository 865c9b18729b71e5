"""The six countries that the made-up people live in, and their words.

First names, last names, streets and cities come from Faker's locales. Faker's lists are short (91 Danish
last names) and mostly without frequencies, so two things are added: the commonest names by hand, of which
many people share one, and compound last names, of which nearly everybody has one to himself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """One country's people. `share` is how many of all people live there (the shares sum to one)."""

    language: str
    faker: str
    country: str
    country_code: str
    share: float
    common_first: tuple[str, ...]
    common_last: tuple[str, ...]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    double_first: tuple[str, ...]
    legal_forms: tuple[str, ...]
    trades: tuple[str, ...]
    mail_domains: tuple[str, ...]
    notes: tuple[str, ...]


def _people(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LOCALES = (
    Locale(
        language="da",
        faker="da_DK",
        country="Danmark",
        country_code="dk",
        share=0.36,
        common_first=_words(
            "Lars Peter Anne Mette Hanne Søren Jens Kirsten Michael Karen Thomas Maria Jørgen"
        ),
        common_last=_words(
            "Hansen Jensen Nielsen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Møller"
        ),
        heads=_words(
            "Nørre Sønder Vester Øster Lille Birke Bøge Dal Eng Fugl Grøn Hede Kirke Lang Mose Ravn Skov "
            "Svane Tved Vinter Ørne Ager Balle Brand Drage Elle Faare Gamst Hvid Ibsen Kragh Løve Måne"
        ),
        tails=_words("gaard borg lund skov holm bæk dal bjerg toft kær hus mark sted rup ager løkke å"),
        double_first=("Anne-Marie", "Hans-Jørgen", "Ann-Sofie", "Jens-Peter", "Anna-Lise", "Karl-Erik"),
        legal_forms=("A/S", "ApS", "I/S", "P/S", "IVS"),
        trades=_words(
            "VVS Byg Blomster Biler Tømrer Maler Bageri Cykler Transport Entreprise Møbler El Rengøring Fisk"
        ),
        mail_domains=("gmail.com", "hotmail.com", "mail.dk", "stofanet.dk", "live.dk", "outlook.dk"),
        notes=("stamkunde", "betaler kontant", "ring først", "kontakt Pia", "husk faktura", "rabat 10"),
    ),
    Locale(
        language="no",
        faker="no_NO",
        country="Norge",
        country_code="no",
        share=0.12,
        common_first=_words("Jan Anne Per Inger Bjørn Kari Ole Marit Kjell Ingrid Knut Liv"),
        common_last=_words(
            "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen"
        ),
        heads=_words(
            "Hauk Bjørn Sol Nor Ned Lang Brei Stein Fjell Sand Rogn Selje Gran Furu Hval Myr Storm Tangen Ulv"
        ),
        tails=_words("haug dal eng vik nes stad bakken mo heim rud land myr lid seter åsen"),
        double_first=("Jan-Erik", "Ann-Kristin", "Per-Olav", "Odd-Arne", "Anne-Lise"),
        legal_forms=("AS", "ASA", "ANS", "DA"),
        trades=_words("Bygg Rør Blomster Bil Maler Bakeri Sykkel Transport Entreprenør Elektro Fisk"),
        mail_domains=("gmail.com", "online.no", "hotmail.no", "outlook.com", "frisurf.no"),
        notes=("fast kunde", "ring først", "faktura på mail", "kontakt Kari"),
    ),
    Locale(
        language="sv",
        faker="sv_SE",
        country="Sverige",
        country_code="se",
        share=0.14,
        common_first=_words("Karl Maria Erik Anna Lars Margareta Anders Elisabeth Per Eva Johan Björn Åsa"),
        common_last=_words("Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson"),
        heads=_words(
            "Berg Lind Ek Gran Sjö Löv Ström Ny Häg Åker Rosen Björk Silver Gyllen Öst Väster Hall Norr Söder"
        ),
        tails=_words("ström kvist gren blad dahl lund berg mark stedt qvist hammar fors sköld"),
        double_first=("Karl-Johan", "Ann-Marie", "Lars-Göran", "Britt-Marie", "Sven-Erik"),
        legal_forms=("AB", "HB", "KB"),
        trades=_words("Bygg Rör Blommor Bil Måleri Bageri Cykel Åkeri Entreprenad El Städ Fisk"),
        mail_domains=("gmail.com", "telia.com", "hotmail.se", "outlook.com", "bredband.net"),
        notes=("stamkund", "ring först", "faktura via mejl", "kontakt Åsa"),
    ),
    Locale(
        language="de",
        faker="de_DE",
        country="Deutschland",
        country_code="de",
        share=0.15,
        common_first=_words(
            "Thomas Michael Andreas Sabine Petra Jürgen Monika Günter Ursula Klaus Renate Jörg"
        ),
        common_last=_words("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann"),
        heads=_words(
            "Ober Nieder Wald Stein Eichen Linden Grün Schön Roß Weiß Hoh Blumen Rosen Schwarz Kalten Birken "
            "Königs Lämmer Mühl Nuß"
        ),
        tails=_words("meier hofer bach müller berger mann stein feld hauser huber wald schmidt straßer"),
        double_first=("Hans-Peter", "Karl-Heinz", "Anne-Kathrin", "Eva-Maria", "Klaus-Dieter"),
        legal_forms=("GmbH", "AG", "KG", "GmbH & Co. KG", "e.K.", "OHG"),
        trades=_words("Bau Sanitär Blumen Autohaus Maler Bäckerei Fahrrad Spedition Möbel Elektro Fisch"),
        mail_domains=("gmx.de", "web.de", "t-online.de", "gmail.com", "freenet.de"),
        notes=("Stammkunde", "bitte anrufen", "zahlt bar", "Kontakt Frau Weiß"),
    ),
    Locale(
        language="en",
        faker="en_GB",
        country="United Kingdom",
        country_code="gb",
        share=0.14,
        common_first=_words("David John Susan Margaret James Sarah Robert William Elizabeth Stephen Philip"),
        common_last=(
            "Smith",
            "Jones",
            "Williams",
            "Brown",
            "Taylor",
            "Davies",
            "O'Brien",
            "O'Connor",
            "McDonald",
        ),
        heads=_words(
            "Ash Black Brad Carl Cot Dun East Graf Hart Hather Lang Marl Nor Peck Quin Rother Stan Thorn Whit"
        ),
        tails=_words("bury by combe croft dale field ford ham leigh ley stone thorpe ton wick worth"),
        double_first=("Mary-Jane", "Anne-Marie", "John-Paul", "Sarah-Jane"),
        legal_forms=("Ltd", "Limited", "PLC", "LLP"),
        trades=_words(
            "Builders Plumbing Flowers Motors Decorators Bakery Cycles Haulage Furniture Electrical"
        ),
        mail_domains=("gmail.com", "btinternet.com", "hotmail.co.uk", "yahoo.co.uk", "sky.com"),
        notes=("regular", "pays cash", "ring first", "contact Susan"),
    ),
    Locale(
        language="nl",
        faker="nl_NL",
        country="Nederland",
        country_code="nl",
        share=0.09,
        common_first=_words("Jan Johannes Maria Pieter Cornelis Anna Hendrik Willem Wilhelmina Gerrit Sanne"),
        common_last=("de Jong", "Jansen", "de Vries", "van den Berg", "Bakker", "van Dijk", "Visser", "Smit"),
        heads=_words("Groene Oude Nieuwe Hooge Lange Water Molen Kerk Dijk Zand Wilde Bos"),
        tails=_words("veld kamp huis stra berg hof man beek meer laar brink horst"),
        double_first=("Jan-Willem", "Anne-Fleur", "Jan-Peter"),
        legal_forms=("B.V.", "BV", "VOF", "N.V."),
        trades=_words("Bouw Installatie Bloemen Autobedrijf Schilders Bakkerij Fietsen Transport Meubelen"),
        mail_domains=("gmail.com", "ziggo.nl", "kpnmail.nl", "hotmail.nl", "planet.nl"),
        notes=("vaste klant", "eerst bellen", "betaalt contant"),
    ),
)

# People whose families came from elsewhere: letters that no list above has.
INTERNATIONAL = _people(
    "Łukasz Wójcik|Agnieszka Kowalczyk|Małgorzata Żak|Mehmet Yılmaz|Ayşe Öztürk|Gülşen Şahin|José García|"
    "Inés Muñoz|François Lefèvre|Zoë Noël|Þór Guðmundsson|Björk Sigurðardóttir|Dvořák Jiří|Nguyễn Văn Minh|"
    "Fatima al-Hassan|Mohammed El Amrani|Siân Llewellyn|Ivan Petrović|Ştefan Popescu|Ørjan Ækre"
)

# Names whose first letters hardly anybody shares: for the record that was added a moment ago.
FRESH = _people(
    "Xhevdet Qvortrup|Ytzen Øxnehave|Zvonimir Xylander|Ughetta Zwergius|Qenan Uhrskov|Ylva Zætterberg|"
    "Øjvind Ytterdal|Xenophon Wrzesinski|Uffe Qvistorff|Yngvild Øyjordet|Zdenka Uggerhøj|Åskell Ymerson"
)
