"""A real client of the Model Context Protocol (the Python SDK) asks `comity mcp` what users ask; the answers are held against the program's.

    python interfaces/assistant.py PROGRAM

Needs the package `mcp`. The record is the one inside the program. The last line says how many answers were right.
"""

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
import time

from mcp.client.session import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client

ENVIRONMENT = {**os.environ, "COMITY_RECORD": os.path.join(os.path.dirname(__file__), "no-record-here"), "COMITY_CACHE": "off"}


def program(*args):
    said = subprocess.run([PROGRAM, *args], capture_output=True, text=True, env=ENVIRONMENT, timeout=300)
    return said.stdout if said.returncode in (0, 1) else said.stderr


def rows(*args):
    return list(csv.DictReader(io.StringIO(program(*args))))


class Asker:
    def __init__(self, session):
        self.session, self.right, self.wrong = session, 0, []

    async def ask(self, kind, tool, arguments, holds):
        began = time.perf_counter()
        result = await self.session.call_tool(tool, arguments)
        took = time.perf_counter() - began
        text = result.content[0].text
        data = getattr(result, "structured_content", None) or getattr(result, "structuredContent", None)
        failed = bool(getattr(result, "is_error", None) or getattr(result, "isError", None))
        try:
            holds(text, data, failed)
            self.right += 1
            print(f"ok    {took * 1000:7.1f} ms {len(text):6} signs  {kind}: {tool} {json.dumps(arguments)}")
        except AssertionError as error:
            self.wrong.append(kind)
            print(f"WRONG {kind}: {tool} {json.dumps(arguments)}: {error}\n{text[:2000]}")
        return took


async def questions(asker):
    ask = asker.ask

    def audit_of(state, **options):
        args = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        return json.loads(program("audit", state, "--format", "json", *args))["audits"][0]

    def audit_holds(state, **options):
        theirs = audit_of(state, **options)

        def holds(text, data, failed):
            assert not failed
            ours = {c["id"]: c for c in data["commitments"]}
            assert set(ours) == {c["id"] for c in theirs["commitments"]}
            for c in theirs["commitments"]:
                for verdict, n in ours[c["id"]]["years"].items():
                    theirs_n = sum(v["verdict"] == verdict for v in c["verdicts"])
                    assert n == theirs_n, (c["id"], verdict, n, theirs_n)
                assert sum(ours[c["id"]]["years"].values()) == len(c["verdicts"])
            assert "unknown" in text.lower() and "Sources:" in text

        return holds

    # 1. What did a state do?
    await ask("audit", "audit", {"state": "CHN"}, audit_holds("CHN"))
    await ask("audit", "audit", {"state": "India", "from": 1960, "to": 1990}, audit_holds("IND", **{"from": 1960, "to": 1990}))
    await ask("audit under another policy", "audit", {"state": "TUR", "policy": "bandung-1955"}, audit_holds("TUR", policy="bandung-1955"))

    # 2. With which evidence?
    findings = rows("verdicts", "--findings", "--states", "CHN", "--commitment", "no-great-power-alliance", "--format", "csv")

    def evidence(text, data, failed):
        assert not failed
        keys = {row["source_row"].split(" ; ")[0] for row in findings}
        assert keys and all(key in text for key in keys), keys

    await ask("evidence", "audit", {"state": "CHN", "commitments": ["no-great-power-alliance"]}, evidence)

    # 3. Why?
    def why_of(*args):
        return json.loads(program("why", *args, "--format", "json"))

    def why_holds(*args):
        theirs = why_of(*args)

        def holds(text, data, failed):
            assert not failed
            assert theirs["verdict"] in text and str(theirs["year"]) in text
            assert all(f["source"] in text for f in theirs["findings"])

        return holds

    await ask("why", "why", {"state": "CHN", "commitment": "no-great-power-alliance", "year": 1955}, why_holds("CHN", "no-great-power-alliance", "1955"))
    await ask("why, the last change", "why", {"state": "IND", "commitment": "no-great-power-alliance"}, why_holds("IND", "no-great-power-alliance"))
    await ask("why unknown", "why", {"state": "CHE", "commitment": "no-arms-race", "year": 1990}, why_holds("CHE", "no-arms-race", "1990"))

    # 4. Who did it last?
    latest = rows("verdicts", "--commitment", "no-great-power-alliance", "--verdict", "broken", "--latest", "--format", "csv")

    def who(text, data, failed):
        assert not failed and data["of"] == len(latest)
        assert [row["stateabb"] for row in data["rows"]] == [row["stateabb"] for row in latest[:10]]

    await ask(
        "who last",
        "verdicts",
        {"commitments": ["no-great-power-alliance"], "verdicts": ["broken"], "show": "latest", "limit": 10},
        who,
    )

    # 5. How often, beside others?
    counts = rows("verdicts", "--counts", "--states", "IND,PAK", "--commitment", "no-great-power-alliance", "--format", "csv")

    def how_often(text, data, failed):
        assert not failed and len(data["rows"]) == len(counts) == 2
        for ours, theirs in zip(data["rows"], counts):
            for name, value in theirs.items():
                assert str("" if ours[name] is None else ours[name]) == value, (name, ours[name], value)

    await ask(
        "how often", "verdicts", {"states": ["IND", "PAK"], "commitments": ["no-great-power-alliance"], "show": "counts"}, how_often
    )

    # 6. A table for a paper.
    panel = rows("panel", "dyad-years", "--with", "pledges", "--years", "1950", "--states", "USA,CHN,RUS", "-o", "/dev/stdout", "--format", "csv")

    def table(text, data, failed):
        assert not failed and len(data["rows"]) == len(panel)
        for ours, theirs in zip(data["rows"], panel):
            assert {k: "" if v is None else str(v) for k, v in ours.items()} == theirs
        assert "Columns:" in text and "Sources:" in text

    await ask("panel", "panel", {"unit": "dyad-years", "with": ["pledges"], "years": "1950", "states": ["USA", "CHN", "RUS"]}, table)

    # 7. SQL.
    sql = "select ccode, count(*) as n from vetoes group by ccode order by n desc, ccode"
    counted = rows("query", sql, "--format", "csv")

    def query(text, data, failed):
        assert not failed and [str(row["n"]) for row in data["rows"]] == [row["n"] for row in counted]
        assert "starter-vetoes" in text

    await ask("SQL", "query", {"sql": sql}, query)
    await ask("what is in a table", "query", {"sql": "describe vetoes"}, lambda text, data, failed: check(not failed and "draft" in text))

    # 8. Which state is meant?
    def states(text, data, failed):
        assert not failed and "PRK 731" in text and "ROK 732" in text

    await ask("states", "states", {"find": "Korea"}, states)

    # 9. Where are the facts from, and how do I get more?
    await ask("sources", "sources", {"dataset": "atop"}, lambda text, data, failed: check("atopdata.org" in text and "comity record fetch atop" in text))

    # 10. Measures.
    formula = program("measure", "s-score", "--help")
    await ask("a formula", "measure", {"name": "s_score"}, lambda text, data, failed: check("Signorino" in text and "Signorino" in formula))
    s = rows("measure", "s-score", "USA", "CHN", "--years", "1960", "-o", "/dev/stdout", "--format", "csv") if "--years" in formula else []

    def score(text, data, failed):
        assert not failed and data["rows"]
        if s:
            assert len(data["rows"]) == len(s)

    await ask("a score", "measure", {"name": "s_score", "given": {"table": "pledges", "year": "1960"}, "limit": 5}, lambda text, data, failed: check(failed or data["rows"]))

    # 11. Before an act.
    advice = json.loads(program("advise", "CHN", "defense pact with RUS from 2026", "--format", "json"))

    def advise(text, data, failed):
        assert not failed
        moved = {m["commitment"] for own in advice["own"] for m in own["moves"]}
        assert moved and all(id.replace("-", " ").split()[1] in text or id in text for id in moved), moved

    await ask("advice", "advise", {"state": "CHN", "acts": ["defense pact with RUS from 2026"]}, advise)
    await ask("acts that can be said", "advise", {"state": "CHN"}, lambda text, data, failed: check(not failed and "- veto:" in text))

    # 12. What does the policy say?
    shown = program("policy", "show", "bandung-1955", "--outline")
    await ask("a policy", "policies", {"policy": "bandung-1955"}, lambda text, data, failed: check("territorial-integrity" in text and "territorial-integrity" in shown))
    await ask(
        "a commitment and its queries",
        "policies",
        {"policy": "bandung-1955", "commitment": "territorial-integrity"},
        lambda text, data, failed: check("select" in text.lower()),
    )

    # What is refused, and how.
    def refused(*words):
        return lambda text, data, failed: check(failed and text.startswith("error: ") and all(word in text for word in words))

    await ask("a misspelt state", "audit", {"state": "Chnia"}, refused("Chnia", "China"))
    await ask("a misspelt commitment", "why", {"state": "CHN", "commitment": "no-use-of-farce"}, refused("no-use-of-force"))
    await ask("writing SQL", "query", {"sql": "drop table states"}, refused())
    await ask("a query without end", "query", {"sql": "select count(*) from states a, states b, states c, states d, states e"}, refused())
    await ask("reading a file", "query", {"sql": "select * from '/etc/passwd'"}, refused())
    await ask("a policy in a file", "audit", {"state": "CHN", "policy": "/etc/passwd"}, refused("no policy"))
    await ask("too many rows", "query", {"sql": "select 1 as x", "limit": 100000}, refused("500"))
    await ask("control characters", "states", {"find": "\u001b[31mred\u0007"}, lambda text, data, failed: check(failed and "\u001b" not in text))


def check(holds):
    assert holds, "not what the program says"


async def main():
    parameters = StdioServerParameters(command=PROGRAM, args=["mcp"], env=ENVIRONMENT)
    async with stdio_client(parameters) as (reader, writer):
        async with ClientSession(reader, writer) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            assert {tool.name for tool in tools} == {
                "advise", "audit", "measure", "panel", "policies", "query", "sources", "states", "verdicts", "why"
            }
            for tool in tools:
                schema = getattr(tool, "input_schema", None) or tool.inputSchema
                assert tool.description and schema["type"] == "object" and schema["additionalProperties"] is False, tool.name
                assert all("description" in about for about in schema["properties"].values()), tool.name
            asker = Asker(session)
            await questions(asker)
            resources = (await session.list_resources()).resources
            policy = await session.read_resource(next(r.uri for r in resources if "independent-peace" in str(r.uri)))
            assert policy.contents[0].text.count("```sql") > 10, "the policy as it is written"
            codebook = await session.read_resource(next(r.uri for r in resources if str(r.uri).endswith("/vetoes")))
            assert "draft" in codebook.contents[0].text
            warm = [
                await asker.ask("warm", "why", {"state": "USA", "commitment": "no-foreign-bases", "year": year}, lambda *_: None)
                for year in range(1990, 2000)
            ]
            print(f"a verdict, warm: median {sorted(warm)[len(warm) // 2] * 1000:.1f} ms of {len(warm)}")
    print(f"{asker.right} passed, {len(asker.wrong)} failed")
    return 1 if asker.wrong else 0


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    sys.exit(asyncio.run(main()))
