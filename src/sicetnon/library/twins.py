"""Tell of pages whose very bytes a store holds under another thread or version as well.

A file's name may tell thread and version where the page does not, so one page under two names is
two versions; nothing but the digest of its file shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sicetnon import model, terms
from sicetnon.library.intake import STORED, UNCHANGED, Ingested, Place
from sicetnon.query import Table
from sicetnon.store import Store

_KEPT = {STORED, UNCHANGED}

# The file is bound, so the engine begins at its index; without GRAPH, as in `query.versions`.
_HELD = f"""PREFIX sen: <{terms.SEN}> PREFIX prov: <{terms.PROV}> PREFIX pav: <{terms.PAV}>
SELECT DISTINCT ?file ?slug ?label WHERE {{
  VALUES ?file {{ %s }}
  ?version prov:hadPrimarySource ?file .
  ?version pav:version ?label ; prov:specializationOf ?thread .
  ?thread sen:slug ?slug
}} ORDER BY ?slug ?label"""


def told(write: Callable[[], Store], pages: Sequence[Ingested]) -> list[Ingested]:
    """Return pages with the other places that their bytes have in a store, or earlier in `pages`.

    `write` opens the store; it is not called where no page is stored.
    """
    wanted = {page.sha256 for page in pages if page.status in _KEPT}
    held = _held(write(), sorted(wanted)) if wanted else {}
    found = []
    for page in pages:
        if page.status not in _KEPT or page.version is None:
            found.append(page)
            continue
        own, places = Place(page.thread, page.version), held.setdefault(page.sha256, [])
        found.append(replace(page, twins=tuple(place for place in places if place != own)))
        if page.status == STORED and own not in places:
            places.append(own)
    return found


def _held(store: Store, digests: Iterable[str]) -> dict[str, list[Place]]:
    files = {terms.page_file(digest).value: digest for digest in digests}
    asked = _HELD % " ".join(f"<{file}>" for file in files)
    held: dict[str, list[Place]] = {}
    for file, thread, label in Table.of(store.query(asked)).rows:
        place = Place(str(thread), model.label(str(label)))
        held.setdefault(files[str(file)], []).append(place)
    return held
