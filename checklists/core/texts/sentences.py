"""Sentences: how many words they have, and whether they seem to have a verb."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checklists.core.texts.plain import CODE, VALUE, plain

LONG, TOO_LONG = 25, 35
"""Words after which a sentence is long, and after which it is too long."""

_BRACKETS = re.compile(r"\([^()]*\)")
_BLOCKS = re.compile(r"\n\s*\n|\n\s*(?=[-*•]\s|\d+[.)]\s|#|\|)")
_SHORTENED = re.compile(r"\b(art|al|no|nos|n|p|pp|c|cf|ch|v|vs|etc|ex|ord|Art|No|Nos|L|R|D|M|Dr|Inc|Ltd)\.(?=\s)")
_END = re.compile(
    r"(?:(?<=[.?!…])|(?<=[.?!…][»”’)])|(?<=[.?!…]\s»))\s+(?=[«“‘(\[*\s]*[A-ZÀ-ÖØ-Þ\d" + CODE + VALUE + "])"
)
_WORD = re.compile(rf"[{CODE}{VALUE}\w][\w’'{CODE}{VALUE}-]*(?:[.,]\d+)?")


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, what stands between round brackets left out (it is read apart: references, acronyms).

    A sentence ends at ``.``, ``?``, ``!`` or ``…`` before a capital, at an empty line and before an item of a list.
    """
    prose = plain(text)
    while (shorter := _BRACKETS.sub("", prose)) != prose:
        prose = shorter
    prose = _SHORTENED.sub(lambda found: found[1], prose)
    found = [sentence for block in _BLOCKS.split(prose) for sentence in _END.split(block.strip())]
    return [" ".join(sentence.split(" ")) for sentence in found if count_words(sentence)]


def count_words(sentence: str) -> int:
    """Words as they are spoken: an elision or a hyphen joins two, ``l’offre`` is one; so is a value filled in."""
    return len(_WORD.findall(sentence))


_VERBS: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"""(?ix) (?<![\w-]) (?: (?:[cdjlmnst]|qu)[’'] )? (?:
          \w+(?:ez|ons|ait|aient|era|eront|erait|eraient|ira|iront|irait|dra|dront|drait|vra|vrait|aît|îtra) |
          (?-i:^\W*[A-ZÀ-Þ]\w*(?:er|ir|re|oir)\b)|\w+-(?:t-)?(?:ils?|elles?|on|vous|nous|ce)|
          (?!(?:cli|ag|arg|incid|réc|différ|précéd|accid|compét|perman|présid|équival|fréqu|cont|urg|suffis|v)ents?\b)\w{2,}(?<!m)ent|
          nomme|agit|engage|exclut|range|améliore|place|atteste|fonde|échappe|apprécie|regarde|entraîne|informe|signe|
          livre|joue|pèse|choisit|fournit|établit|définit|réserve|recommande|rappelle|confirme|prolonge|abandonne|
          est|sont|a|ont|ai|es|as|soit|soient|ait|aient|fut|furent|eut|eurent|y\sa|va|vont|fait|font|dit|disent|lit|
          lisent|peut|peuvent|doit|doivent|faut|veut|veulent|sait|savent|vaut|valent|voit|voient|tient|tiennent|vient|
          viennent|met|mettent|permet\w*|prend|prennent|\w*prend|\w*prennent|rend|rendent|répond\w*|dépend\w*|
          \w*tend|\w*tendent|suit|suivent|suffit|suffisent|sert|servent|part|partent|sort|ouvre|ouvrent|couvre\w*|
          offre|offrent|reçoit|reçoivent|devient|reste|restent|porte|portent|compte|comptent|donne|donnent|demande|
          demandent|exige|exigent|montre|montrent|concerne|concernent|applique|appliquent|garde|gardent|change|
          changent|manque|manquent|dure|durent|limite|limitent|permettent|produit|conduit|réduit|interdit|connaît|
          paraît|naît|figure|figurent|existe|existent|cite|citent|pose|posent|relève|relèvent|juge|jugent|précise|
          précisent|prévoit|prévoient|impose|imposent|oblige|obligent|protège|protègent|empêche|empêchent|
          constate|estime|estiment|autorise|autorisent|accepte|acceptent|refuse|rejette|admet|annule|vise|visent|
          entre|rapporte|perd|perdent|convient|détient|détiennent|contient|appartient|commande|dirige|héberge|
          stocke|traite|chiffre|publie|annonce|affirme|indique|indiquent|mesure|calcule|remplace|remplacent|évite|
          évitent|aide|aident|commence|finit|termine|ferme|lève|cesse|cessent|tombe|passe|passent|mène|mènent|
          arrive|arrivent|attend|attendent|gère|gèrent|envoie|envoient|ajoute|supprime|supprimée?s?|repose|reposent|
          distingue|décrit|décrivent|renvoie|renvoient|ignore|pense|parle|parlent|déclare|déclarent|promet|dispose|
          disposent|assure|assurent|fixe|fixent|crée|créent|accède|accèdent|voici|voilà|n[’']\w+ |
          mentionne|mentionnent|étend|étendent|emploie|emploient|possède|possèdent|quitte|quittent|marque|lie|nie
        ) (?![\w-])"""
    ),
    "en": re.compile(
        r"""(?ix) (?<![\w-]) (?:
          is|are|was|were|be|been|am|has|have|had|do|does|did|can|could|may|might|must|shall|should|will|would|
          isn’t|don’t|doesn’t|cannot|it’s|there’s|
          \w{3,}(?:ed|ies|izes|ises|ates|ects|ends|ains|ows|ands|eaks|ills|ills|ents|ires|orts|ives|apses)|
          say|says|said|see|sees|read|reads|give|gives|gave|take|takes|took|make|makes|made|keep|keeps|kept|know|
          knows|show|shows|hold|holds|held|let|lets|put|puts|set|sets|go|goes|went|come|comes|came|become|becomes|
          ask|asks|answer|answers|need|needs|use|uses|choose|chooses|write|writes|wrote|add|adds|check|checks|open|
          opens|close|closes|change|changes|remove|removes|move|moves|stop|stops|start|starts|begin|begins|end|ends|
          leave|leaves|left|stay|stays|remain|remains|apply|applies|count|counts|cover|covers|depend|depends|allow|
          allows|require|requires|prevent|prevents|protect|protects|store|stores|host|hosts|process|processes|
          encrypt|encrypts|decrypt|publish|publishes|plan|plans|require|correct|replace|replaces|follow|follows|
          mean|means|meant|lose|loses|lost|earn|earns|reach|reaches|rest|rests|rely|relies|run|runs|send|sends|
          sent|sign|signs|prove|proves|state|states|define|fix|ensure|obtain|obtains|test|record|records|
          document|negotiate|reduce|reduces|compare|compares|verify|verifies|wait|waits|try|enter|enters|confirm|
          confirms|select|look|looks|find|finds|found|tell|tells|told|work|works|belong|belongs|contain|contains|
          concern|concerns|exist|exists|grant|grants|own|owns|print|prints|return|returns|expire|expires|lead|
          leads|appear|appears|happen|happens|help|helps|support|supports|refer|refers|last|lasts|serve|serves|
          identify|names|name|cause|causes|stands|stand|relate|relates|extend|demand|place|assess|justify|binds|bind|
          regard|regards|attests|struck|escapes?|targets?|exposes?|arises?|accepts?|owes?|lies?|dismiss\w*|treats?|
          comes?|get|gets|got|fall|falls|seem|seems|turn|turns|build|builds|bring|brings|draw|draws|explain|
          explains|include|includes|give|call|calls|carry|carries|fill|fills|limit|limits|act|acts|
          disclose|discloses|notify|notifies|exercise|involve|involves|appoint|entrust|separate|arrange|withdraw|
          rotate|delete|deletes|restore|restores|export|import|download|upload|click|press|tick|untick
        ) (?![\w-])"""
    ),
}


def has_verb(sentence: str, language: str) -> bool:
    """Whether a word of ``sentence`` looks like a verb. A guess from lists and endings, for a second look: it takes
    some nouns for verbs, and does not know every verb. Languages without a list are believed."""
    known = _VERBS.get(language)
    return known is None or bool(known.search(sentence))
