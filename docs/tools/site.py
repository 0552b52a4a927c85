#!/usr/bin/env python3
"""Checks the built site: no dead link, nothing loaded from the network, a title and one first heading on each page.

    site.py SITE

The last line says how many passed: pages, and links within the site."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Attributes by which a page loads something, and those by which a reader goes somewhere.
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"), ("object", "data")}
LOADED_LINKS = {"stylesheet", "icon", "preconnect", "dns-prefetch", "preload", "prefetch", "manifest", "modulepreload"}


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.loads, self.headings, self.title, self.inside = set(), [], [], 0, "", False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if "id" in has:
            self.ids.add(has["id"])
        if tag == "a" and "name" in has:
            self.ids.add(has["name"])
        self.headings += tag == "h1"
        self.inside = tag == "title"
        if tag == "a" and has.get("href") is not None:
            self.links.append(has["href"])
        if tag == "link" and set((has.get("rel") or "").split()) & LOADED_LINKS:
            self.loads.append(has.get("href") or "")
        for name, value in attributes:
            if (tag, name) in LOADED and value:
                self.loads.append(value)

    def handle_data(self, data):
        if self.inside:
            self.title += data
            self.inside = False


def main():
    site = Path(sys.argv[1]).resolve()
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    if not pages:
        raise SystemExit(f"{site} has no pages")
    passed, troubles = 0, []

    def fail(path, what):
        troubles.append(f"{path.relative_to(site)}: {what}")

    for path, page in pages.items():
        before = len(troubles)
        if path.name != "404.html":
            if not page.title.strip():
                fail(path, "no title")
            if page.headings != 1:
                fail(path, f"{page.headings} first headings")
        for address, loaded in [(a, False) for a in page.links] + [(a, True) for a in page.loads]:
            parts = urlsplit(address)
            if parts.scheme == "data":
                continue
            if parts.scheme or parts.netloc:
                if loaded:
                    fail(path, f"loads {address} from the network")
                continue
            if path.name == "404.html":
                # A server shows it under any address: its links begin at the root.
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                # A folder opens as a list of files where there is no server.
                fail(path, f"{address} is a folder")
            elif not target.is_file() or site not in target.parents:
                fail(path, f"{address} leads nowhere")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
                fail(path, f"{address} names a place that is not there")
            else:
                passed += 1
        passed += len(troubles) == before
    for path in sorted(site.rglob("*.css")):
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", path.read_text(encoding="utf-8")):
            if urlsplit(address).netloc:
                fail(path, f"loads {address} from the network")
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    print(f"{passed} passed, {len(troubles)} failed")
    sys.exit(1 if troubles else 0)


if __name__ == "__main__":
    main()
