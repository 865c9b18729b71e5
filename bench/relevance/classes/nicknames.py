"""Short forms of first names. The table is made by hand, of forms that everybody in the country knows."""

from bench.relevance.people import Person
from bench.relevance.question import Asker, Question, question_class
from bench.relevance.spelling import words

_SHORT_FORMS = {
    "en": "robert:bob,rob,bobby william:bill,will,billy elizabeth:liz,beth,betty margaret:maggie,peggy "
    "james:jim,jimmy richard:dick,rick michael:mike,mick thomas:tom,tommy stephen:steve "
    "david:dave john:jack,johnny susan:sue,susie christopher:chris anthony:tony andrew:andy "
    "edward:ted,ed nicholas:nick samantha:sam jennifer:jenny joseph:joe katherine:kate,kathy "
    "victoria:vicky rebecca:becky patricia:pat,trish deborah:debbie matthew:matt daniel:dan,danny "
    "benjamin:ben alexander:alex,sandy philip:phil timothy:tim gregory:greg jonathan:jon "
    "kenneth:ken lawrence:larry",
    "da": "lars:lasse kristian:kris johannes:hannes frederik:frede,frits christian:kris "
    "margrethe:grethe elisabeth:lis,lisbeth karoline:line katrine:trine kathrine:trine "
    "kirstine:stine christina:stine alexander:alex benjamin:ben sebastian:bastian mathilde:tilde "
    "magdalene:lene",
    "no": "kristoffer:stoffer elisabeth:lisbeth,lise alexander:alex kristian:kris johannes:hannes "
    "katrine:trine",
    "sv": "karl:kalle lars:lasse per:pelle nils:nisse jan:janne johan:jonte erik:erka,jerka "
    "margareta:greta,maggan elisabeth:lisa,bettan fredrik:fredde olof:olle gustav:gurra "
    "mikael:micke anders:ante alexander:alex björn:nalle birgitta:gittan christina:kicki "
    "kristina:kicki thomas:tompa stefan:steffe magnus:mange henrik:henke sven:svenne bengt:benke "
    "katarina:kattis fredrika:rika josefin:jossan sebastian:sebbe",
    "de": "johannes:hans,hannes wilhelm:willi friedrich:fritz joseph:sepp,jupp josef:sepp,jupp "
    "elisabeth:lisa,sissi katharina:kathi,käthe margarete:grete,gretel alexander:alex "
    "michael:michi,michel andreas:andi thomas:tom wolfgang:wolfi susanne:susi "
    "heinrich:heiner,heinz maximilian:max sebastian:basti christian:chris benjamin:ben "
    "theodor:theo stefan:steffi stefanie:steffi ursula:uschi ludwig:lutz georg:schorsch "
    "angelika:geli gabriele:gabi barbara:bärbel hildegard:hilde brigitte:gitte franziska:franzi "
    "ulrich:uli manfred:manni",
    "nl": "johannes:jan,johan,hans cornelis:kees,cor pieter:piet,peter hendrik:henk willem:wim "
    "gerardus:gerard wilhelmina:mina,willemijn maria:marie,mieke jacobus:koos,jaap,jaco "
    "antonius:anton,toon theodorus:theo elisabeth:els,betty johanna:jo,hanna catharina:cato,toos "
    "petrus:piet,peter adrianus:adri,arie nicolaas:klaas franciscus:frans thomas:tom "
    "alexander:lex margaretha:greet leonardus:leo",
}


def _table() -> dict[tuple[str, str], list[str]]:
    entries = (
        (language, entry.split(":")) for language, text in _SHORT_FORMS.items() for entry in text.split()
    )
    return {(language, name): short.split(",") for language, (name, short) in entries}


_TABLE = _table()


@question_class("nickname")
def nickname(asker: Asker, person: Person) -> Question | None:
    """`bob thornbury` for Robert Thornbury."""
    return _short(asker, person, person.first.lower())


@question_class("nickname")
def nickname_written_out(asker: Asker, person: Person) -> Question | None:
    """`robert thornbury` for a Bob on file."""
    first = person.first.lower()
    whole = [
        name for (language, name), short in _TABLE.items() if language == person.language and first in short
    ]
    return _instead(asker, person, asker.random.choice(whole)) if whole else None


def _short(asker: Asker, person: Person, first: str) -> Question | None:
    forms = _TABLE.get((person.language, first))
    return _instead(asker, person, asker.random.choice(forms)) if forms else None


def _instead(asker: Asker, person: Person, first: str) -> Question | None:
    """Asked where nobody's name fits what is typed as it stands: neither whole nor as a beginning."""
    typed = [first, *words(person.last)]
    if asker.directory.beginning(typed) or asker.directory.nearest(typed, 1):
        return None
    right = asker.directory.containing([*words(person.first), *words(person.last)])
    return asker.ask(" ".join(typed), person, right)
