"""Names of sites and venues: a small table, and what a name looks like that is not in it."""

from __future__ import annotations

import re

from sicetnon.identity.kinds import Kind
from sicetnon.identity.words import word_set, words

_TABLE = {
    Kind.PAPER: (
        "arXiv, arXiv.org, arXiv e-prints, Cornell University, bioRxiv, medRxiv, PsyArXiv, SSRN, "
        "OpenReview, OpenReview.net, ScienceDirect, SpringerLink, Springer Nature, Springer, "
        "Nature, Science, PNAS, PubMed, PubMed Central, PMC, Europe PMC, JSTOR, IEEE Xplore, "
        "IEEE, ACM Digital Library, ACM, ACL Anthology, NeurIPS Proceedings, PMLR, JMLR, TMLR, "
        "Wiley Online Library, Taylor & Francis Online, Oxford Academic, Cambridge Core, "
        "SAGE Journals, MDPI, Frontiers, PLOS ONE, eLife, Cell, The Lancet, NEJM, BMJ, JAMA, "
        "CVF Open Access, IOS Press, De Gruyter, Project MUSE, AIP Publishing, APS Journals, "
        "Physical Review, MIT Press Direct, Zenodo, HAL, CEUR-WS, IACR, ePrint, NBER, RePEc, "
        "Royal Society, Annual Reviews, AEA, Distill, NASA/ADS"
    ),
    Kind.INDEX: (
        "alphaXiv, Cool Papers, papers.cool, Semantic Scholar, ResearchGate, Google Scholar, "
        "Papers With Code, Hugging Face, Connected Papers, Scholar Archive, DBLP, CORE, "
        "Academia.edu, Mendeley, INSPIRE, PhilPapers, CatalyzeX, Scribd, Deep AI, Bohrium, "
        "Internet Archive, ADS, NASA ADS, CiteSeerX, zbMATH, OpenAlex, Crossref, Emergent Mind"
    ),
    Kind.POST: (
        "LessWrong, Less Wrong, Alignment Forum, AI Alignment Forum, EA Forum, "
        "Effective Altruism Forum, Medium, Substack, Towards Data Science, WordPress, Blogger, "
        "Tumblr, Gist, GitHub Gist, DEV Community, Hashnode, Ghost"
    ),
    Kind.NEWS: (
        "MIT News, MIT Technology Review, The New York Times, The Guardian, The Washington Post, "
        "The Wall Street Journal, BBC, BBC News, CNN, NPR, Reuters, AP News, Bloomberg, Forbes, "
        "Wired, The Verge, Ars Technica, TechCrunch, VentureBeat, Quanta Magazine, "
        "Scientific American, New Scientist, The Economist, The Atlantic, Vox, Axios, Politico, "
        "EurekAlert, EurekAlert!, Phys.org, ScienceDaily, Science Daily, Financial Times"
    ),
    Kind.VIDEO: "YouTube, Vimeo, Bilibili, TED, Twitch, SlidesLive, Videolectures",
    Kind.PODCAST: "Spotify, Apple Podcasts, Google Podcasts, SoundCloud, Audible, Buzzsprout",
    Kind.DISCUSSION: (
        "Reddit, Hacker News, LinkedIn, Twitter, X, Facebook, Mastodon, Bluesky, Quora, PubPeer, "
        "Stack Exchange, Stack Overflow, Cross Validated, Threads, Discord, Lobsters, Metaculus"
    ),
    Kind.REFERENCE: "Wikipedia, Britannica, Encyclopedia Britannica, Wikidata, Scholarpedia",
    Kind.CODE: "GitHub, GitLab, Bitbucket, PyPI",
    Kind.UNKNOWN: "SlideShare",
}
HOSTS: dict[str, Kind] = {
    "".join(words(name)): kind for kind, names in _TABLE.items() for name in names.split(", ")
}
_WORDS = (
    (Kind.DISCUSSION, "thread threads"),
    (Kind.TALK, "talk talks seminar seminars colloquium lecture lectures keynote"),
    (Kind.PODCAST, "podcast podcasts radio"),
    (Kind.VIDEO, "video videos tv channel"),
    (Kind.REFERENCE, "wiki encyclopedia encyclopaedia dictionary"),
    (Kind.POST, "blog blogs newsletter forum substack"),
    (Kind.NEWS, "news times magazine herald tribune gazette press-release newsroom"),
    (Kind.PAPER, "proceedings journal journals transactions annals repository preprints eprints"),
    (
        Kind.UNKNOWN,
        "university institute college library libraries lab labs laboratory press publishing "
        "publications society academy digest archive foundation conference research",
    ),
)
_SITE_WORDS = {word: kind for kind, names in _WORDS for word in names.split()}
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*)\.[a-z]{2,10}/?$", re.I)
_FORUM = re.compile(r"^r/\w+$")
_SMALL = word_set("of the and for in & de la le et di y und für on at by")
_SEQUEL = re.compile(
    r"^(?:an? |the |my )?(?:part|pt|vol|volume|chapter|section|episode|no|number|lecture|day|week"
    r"|version|v|supplement|appendix|reply|response|rejoinder|comments?|commentary|critique|replication"
    r"|erratum|correction|corrigendum|addendum|revisited)\b"
    r"|^[ivx]+$|^\d",
    re.I,
)
_ARTICLE = re.compile(
    r"^(?:an?|why|how|what|when|where|on|towards?|from|is|are|does|do|can)\b", re.I
)
VENUES = word_set(
    "NeurIPS NIPS ICML ICLR CVPR ICCV ECCV WACV ACL EMNLP NAACL EACL COLING AAAI IJCAI "
    "COLT ALT AISTATS UAI KDD WSDM SIGIR CHI SIGGRAPH INTERSPEECH ICASSP ICRA IROS CoRL "
    "COLM TMLR STOC FOCS SODA VLDB SIGMOD OSDI SOSP NSDI CCS NDSS CRYPTO EUROCRYPT FAccT"
)


def one_site(name: str) -> str:
    """Return a site's name as it compares: a subreddit is Reddit, `X.org` is X."""
    if _FORUM.match(name):
        return "reddit"
    domain = _DOMAIN.match(name.strip())
    return "".join(words(domain[1].rsplit(".", 1)[-1] if domain else name))


def sequel(text: str) -> bool:
    """Tell whether a part of a title names one of several works: `Part II`, `Reply`, `2`."""
    return _SEQUEL.search(text) is not None


def site_kind(name: str) -> Kind | None:
    """Return what a site carries when its name is known or says so, else None."""
    name = name.strip()
    if _FORUM.match(name):
        return Kind.DISCUSSION
    found = words(name)
    if not found or len(found) > 20:
        return None
    known = HOSTS.get("".join(found))
    if known:
        return known
    domain = _DOMAIN.match(name)
    if domain:
        labels = [HOSTS.get("".join(words(label))) for label in domain[1].split(".")]
        return next((kind for kind in reversed(labels) if kind), Kind.UNKNOWN)
    if found[0] in ("proceedings", "journal", "transactions", "annals", "communications"):
        return Kind.PAPER
    if not named(name) or _ARTICLE.match(name):
        return None
    found = found[:-1] if found[-1].isdigit() and len(found) > 1 else found
    told = [_SITE_WORDS[w] for w in (found[-1], found[0]) if w in _SITE_WORDS]
    return min(told, key=lambda kind: kind is Kind.UNKNOWN, default=None)


def named(text: str) -> bool:
    """Tell whether a short text is written as a name is: a few words, each with a capital."""
    parts = text.replace(",", " ").split()
    if not 1 <= len(parts) <= 6 or sequel(text) or _ARTICLE.match(text) or "?" in text:
        return False
    return all(p[:1].isupper() or p in _SMALL or p[:1].isdigit() or "." in p for p in parts)
