"""Bad input: one clear error in the idiom of the language, and nothing lost."""

import copy
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import comity
import pytest


def test_an_error_says_what_and_the_way_out():
    with pytest.raises(comity.Error) as caught:
        comity.audit("Chnia")
    assert "Chnia" in caught.value.message
    assert any("China" in help for help in caught.value.help)
    assert "help: " in str(caught.value)
    with pytest.raises(ValueError):
        comity.why("CHN", "no-use-of-farce")


def test_an_error_in_a_text_has_its_place(tmp_path):
    with pytest.raises(comity.Error) as caught:
        comity.query("select nme\nfrom states")
    assert caught.value.line == 1 and caught.value.column == 8
    policy = tmp_path / "mine.md"
    policy.write_text("# No front matter\n")
    with pytest.raises(comity.Error) as caught:
        comity.audit("CHN", policy=policy)
    assert caught.value.file == str(policy) and caught.value.line == 1


def test_errors_survive_pickling_and_copying():
    error = comity.Error("wrong", ["way out"], "a.md", 3, 4)
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert str(other) == str(error) == "a.md:3:4: wrong\nhelp: way out"


def test_years_that_run_backwards_are_turned_round():
    with pytest.raises(comity.Error, match="did you mean from_=1950, to=1990"):
        comity.audit("CHN", from_=1990, to=1950)


def test_a_folder_that_is_no_record_is_named(tmp_path):
    with pytest.raises(comity.Error, match="holds no record"):
        comity.Record(tmp_path)


def test_a_record_of_another_format_is_refused(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("draft,ccode,year\nS/9999,710,1999\n")
    folder = tmp_path / "record"
    said = comity.record.add(mine, record=folder, as_="vetoes")
    assert "vetoes" in said
    record = comity.Record(folder)
    assert record.query("select * from vetoes where draft = 'S/9999'").num_rows == 1
    manifest = folder / "manifest.json"
    text = manifest.read_text()
    assert '"format_version": 1' in text
    manifest.write_text(text.replace('"format_version": 1', '"format_version": 99'))
    with pytest.raises(comity.Error, match="newer|format"):
        comity.Record(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_rights_is_named(tmp_path):
    folder = tmp_path / "record"
    folder.mkdir()
    folder.chmod(0)
    try:
        with pytest.raises(comity.Error, match="record"):
            comity.Record(folder)
    finally:
        folder.chmod(0o700)


def test_a_query_over_its_bounds_is_an_error():
    with pytest.raises(comity.Error):
        comity.query("select * from states", limit=1)


def test_an_interrupt_is_heard_during_work():
    code = (
        "import comity, signal, sys\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    comity.query('select count(*) from states a, states b, states c, states d, states e', seconds=60)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
        "    import os; os._exit(0)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(1.0)
    sent = time.monotonic()
    child.send_signal(signal.SIGINT)
    try:
        assert child.stdout.readline() == "interrupted\n"
        assert time.monotonic() - sent < 2.0
    finally:
        child.kill()
        child.wait()


def test_other_threads_run_during_work():
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(1)
            time.sleep(0.01)

    thread = threading.Thread(target=tick)
    thread.start()
    comity.Record.starter().audit("IND", progress=False)
    stop.set()
    thread.join()
    assert len(ticks) > 3


def test_progress_is_told():
    told = []
    comity.Record.starter().audit("IND", progress=lambda done, of: told.append((done, of)))
    assert all(0 <= done <= of for done, of in told)


def test_an_error_of_progress_is_raised():
    def fails(done, of):
        raise RuntimeError("stop")

    try:
        comity.Record.starter().audit("BRA", progress=fails)
    except RuntimeError as error:
        assert str(error) == "stop"


def test_an_add_that_is_killed_leaves_a_record(tmp_path):
    folder = tmp_path / "record"
    mine = tmp_path / "mine.csv"
    mine.write_text("draft,ccode,year\n" + "".join(f"S/{n},710,1999\n" for n in range(50_000)))
    code = f"import comity; print('go', flush=True); comity.record.add({str(mine)!r}, record={str(folder)!r}, as_='vetoes')"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    child.stdout.readline()
    time.sleep(0.15)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    # The record is as it was, or as it is after; a second add works either way.
    comity.record.add(mine, record=folder, as_="vetoes")
    n = comity.Record(folder).query("select count(*) as n from vetoes where ccode = 710 and year = 1999").to_polars()["n"][0]
    assert n >= 50_000


def test_the_command_is_the_program():
    run = lambda *args: subprocess.run([sys.executable, "-m", "comity", *args], capture_output=True, text=True, timeout=300)
    assert run("--version").stdout.startswith("comity ")
    assert run("states", "West Germany").stdout.count("GFR") >= 1
    bad = run("audit", "Chnia")
    assert bad.returncode == 2 and "Chnia" in bad.stderr
    met = run("audit", "CHN", "--commitment", "no-great-power-alliance", "--fail-on", "broken")
    assert met.returncode == 1


def test_a_closed_pipe_is_no_error():
    said = subprocess.run(
        f"{sys.executable} -m comity query 'select * from states' --format csv | head -1", shell=True, capture_output=True, text=True
    )
    assert said.stderr == "" and said.stdout.startswith("ccode,")


def test_a_policy_of_ones_own_runs_through_the_command(tmp_path):
    policy = tmp_path / "mine.md"
    policy.write_text(comity.command(["policy", "new"]))
    assert "sound" in comity.command(["policy", "check", str(policy)])
    assert comity.audit("CHN", policy=policy).commitments
