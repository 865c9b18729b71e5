"""Nicknames: the other forms by which a first name goes, and the merchant's own synonyms.

The table is made by hand, of forms that everybody in the country knows, and is as free as the rest of the
program. A line is a name, a colon and its forms; where a form belongs to several names it is on each line.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from customers.folding import words
from customers.settings import SearchSettings

_ENGLISH = """
abigail: abby gail; albert: al bert; alexander: alex al sandy xander lex; alexandra: alex sandra sandy
alfred: alf fred freddie; alice: ali; amanda: mandy; andrew: andy drew; angela: angie
anne: annie nan nancy; anthony: tony ant; arthur: art; barbara: barb babs barbie; benjamin: ben benny
bernard: bernie; bradley: brad; bridget: biddy; caroline: carrie carol
catherine: cathy kate katie cath kitty; charles: charlie chuck chas; charlotte: lottie charlie
christina: chris tina chrissie; christine: chris chrissie tina; christopher: chris kit topher
cynthia: cindy; daniel: dan danny; david: dave davy; deborah: deb debbie; dominic: dom; donald: don donnie
dorothy: dot dottie dolly; douglas: doug; edward: ed eddie ted teddy ned; edmund: ed ned
eleanor: ellie nell nora; elizabeth: liz lizzie beth betty bess eliza libby elsie lisa; emily: em millie
eugene: gene; florence: flo; frances: fran frankie; francis: frank frankie; franklin: frank
frederick: fred freddie freddy; gabriel: gabe; geoffrey: geoff jeff; george: georgie; gerald: gerry jerry
gregory: greg; harold: harry hal; harriet: hattie; helen: nell; henry: harry hank hal; herbert: bert
isabel: bel belle izzy; isabella: bella izzy; jacob: jake; jacqueline: jackie; james: jim jimmy jamie jem
janet: jan; jeffrey: jeff; jennifer: jen jenny; jeremy: jerry jez; jessica: jess jessie; joanna: jo joan
john: jack johnny jon; jonathan: jon jonny; joseph: joe joey; josephine: jo josie; joshua: josh
judith: judy; katherine: kate kathy katie kit; kathleen: kathy kath; kenneth: ken kenny; kimberly: kim
lawrence: larry laurie; leonard: len lenny leo; leslie: les; lewis: lew; louis: lou; louise: lou; lucy: lu
madeleine: maddy; margaret: maggie meg peggy marge greta daisy; martin: marty; mary: molly polly may
matilda: tilly; matthew: matt matty; maxwell: max; melissa: mel lissa; michael: mike mick micky
mildred: millie; mohammed: mo; nathaniel: nat nate; nathan: nat nate; nicholas: nick nicky; nicola: nicky
norman: norm; oliver: ollie; olivia: liv livvy; pamela: pam; patricia: pat patty trish tricia
patrick: pat paddy; penelope: penny; peter: pete; philip: phil pip; phillip: phil pip; rachel: rach
raymond: ray; rebecca: becky becca; reginald: reg; richard: rick dick rich ricky richie
robert: bob rob bobby robbie bert; roderick: rod; rodney: rod; ronald: ron ronnie; rosemary: rose rosie
samantha: sam sammy; samuel: sam sammy; sarah: sally sadie; sidney: sid; stanley: stan; stephanie: steph
stephen: steve stevie; steven: steve stevie; stuart: stu; susan: sue susie suzy; suzanne: sue suzy
teresa: terry tess; terence: terry; theodore: ted theo teddy; theresa: terry tess; thomas: tom tommy
timothy: tim timmy; valerie: val; vanessa: nessa; victor: vic; victoria: vicky tori; vincent: vince vinny
virginia: ginny; walter: walt wally; wilfred: wilf; william: will bill billy willy liam; winifred: winnie
zachary: zach zak
"""
_NORDIC = """
alexander: alex sander; alexandra: alex sandra; anders: ante andy; andreas: ante dreas; anna: annie ann
anton: toni; benjamin: ben benni; bengt: benke; birgitta: gittan gitta britta; birgitte: gitte britta
björn: nalle; carl: kalle; charlotte: lotte lotta; christian: chris kris kedde
christina: kicki stina tina stine; christoffer: stoffer toffe chris; daniel: danne; edvard: edde
elisabeth: lis lise lisa lisbeth lisbet bettan elsebeth bet beth betty else; emil: emmi; erik: erka jerka
filip: filippa; frederik: frede frits fritz fred; frederikke: rikke; fredrik: fredde; fredrika: rika
gunnar: gurra; gustaf: gurra gusten; gustav: gurra; hans: hasse; henrik: henke henke; ingeborg: inge
ingrid: inga; jakob: jeppe; jan: janne; jens: jeppe; jesper: jeppe; johan: jonte johnny; johanna: hanna jo
johanne: hanne; johannes: hannes hans johs; josefin: jossan; josefine: fine; karl: kalle
karoline: line caro; katarina: kattis kajsa karin; katarzyna: kasia; kathrine: trine kat
katrine: trine kat; kirsten: kis; kirstine: stine; kristian: kris kridde; kristina: kicki stina tina stine
kristoffer: stoffer toffe; lars: lasse; laurits: laust; lennart: lelle; ludvig: ludde; magdalena: lena
magdalene: lene malene; magnus: mange; marianne: janne; margareta: greta maggan märta
margrethe: grethe grete; margit: gitte; maria: mia maja; marie: mia; mathilde: tilde; mats: masse
matilda: tilda; michael: micke mikkel mick; mikael: micke mick; mogens: mugge; nicklas: nikke
niels: nisse; niklas: nicke; nikolaj: niko; nils: nisse; olof: olle; oskar: ogge; patrik: patte
per: pelle; peter: pelle peder; petter: pelle; rasmus: ras; regitze: gitte; rikard: rikke; robert: robban
rolf: roffe; sebastian: sebbe basse bastian; sofie: fie; staffan: steffe; stefan: steffe; sten: stene
sven: svenne; søren: sørn; terese: tess; theodor: theo teo; therese: tess; thomas: tompa tommy tom
tobias: tobbe; torbjörn: tobbe; torsten: totte; ulrika: ulla rika; ulrik: uffe; ulf: uffe; valdemar: valde
viktor: vicke; vilhelm: ville; viljam: ville; william: ville
"""
_GERMAN_AND_DUTCH = """
adrianus: adri arie ad; alexander: alex sascha lex xander; alexandra: alex sandra; andreas: andi andy
angelika: geli; antje: anna; anton: toni; antonia: toni; antonius: anton toon ton tonnie
barbara: bärbel babsi; bartholomeus: bart; benjamin: ben benni; bernhard: bernd; brigitte: gitte gitti
catharina: cato toos trijn rina; christian: chris; christina: tina chris; christoph: chris
cornelia: conny corrie nel; cornelis: kees cor; dieter: didi; dominik: nik; dorothea: dora thea
eberhard: hardy; elisabeth: lisa sissi elli liesl lisbeth els elly betty bep lies elsa; emmanuel: manuel
ernestus: ernst; eva: evi; ferdinand: ferdi; franciscus: frans cis; franz: franzl; franziska: franzi
friedrich: fritz fred friedel; gabriele: gabi; geertruida: truus trudy; georg: schorsch
gerardus: gerard gerrit geert; gerhard: gerd; gertrud: trude; günter: günni; hans: hansi
heinrich: heiner heinz heini; helene: leni lena; hendrik: henk rik; hendrika: rika riek hennie
hildegard: hilde; hubertus: bert huub; ignaz: naz; jacob: jaap koos; jacobus: koos jaap jaco ko cobus
jakob: jockel; joachim: jochen achim; johanna: jo hanna hanneke; johannes: hans hannes jan johan jo joop
josef: sepp jupp; joseph: sepp jupp jos jef; jürgen: jürg; karl: kalle; karlheinz: kalle
katharina: kathi käthe kati katja; klaus: klausi; konrad: conny kurt; leonardus: leo; leonhard: leo hardy
ludwig: lutz wiggerl; magdalena: leni lena magda; manfred: manni fred
margaretha: greet griet gretha margriet; margarete: grete gretel gretchen
maria: marie mieke ria mia mitzi; marianne: janne; martinus: martin tinus; matthias: matze hias
mattheus: thijs; maximilian: max maxi; michael: michi michel micha; nicolaas: klaas nico niek
nikolaus: klaus niko; otto: otti; peter: pit; petrus: piet peter; pieter: piet peter
reinhard: reini hardy; robert: rob bert; roland: roli; rosemarie: rosi; rudolf: rudi; sabine: bine
sebastian: basti bastian; siegfried: sigi; sophie: fie; stefan: steffi steff; stefanie: steffi
stephan: steffi steff; susanne: susi sanne; theodor: theo; theodorus: theo dirk; theresia: resi thea
thomas: tom tommy; tobias: tobi; ulrich: uli ulli; ulrike: uli rike; ursula: uschi ulla; valentin: valli
walter: walti; werner: werni; wilhelm: willi willy wim; wilhelmina: mina willemijn wil mien
willem: wim pim; wilhelmus: wim willem; wolfgang: wolfi wolf; xaver: xaverl
"""


@lru_cache(maxsize=8)
def _table(synonyms: tuple[tuple[str, ...], ...]) -> dict[str, frozenset[str]]:
    """Each folded word with its other forms, in both directions."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in ";".join((_ENGLISH + _NORDIC + _GERMAN_AND_DUTCH).split("\n")).split(";"):
        name, _, forms = line.partition(":")
        for form in words(forms):
            _connect(found, [*words(name), form])
    for group in synonyms:
        _connect(found, [word for text in group for word in words(text)])
    return {word: frozenset(forms) for word, forms in found.items()}


def _connect(found: dict[str, set[str]], group: Iterable[str]) -> None:
    members = set(group)
    for word in members:
        found[word] |= members - {word}


def other_forms(word: str, settings: SearchSettings) -> frozenset[str]:
    """The other forms of a folded word, folded: `bobby` -> `robert`, `robert` -> `bob rob …`."""
    return _table(settings.synonyms).get(word, frozenset())
