"""Tables in data frames: types, labels, nulls, and no copies."""

import json
import subprocess
import sys

import comity
import pytest

polars = pytest.importorskip("polars")
pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def panel():
    return comity.panel("dyad-years", ["majors", "pledges"], years=(1946, 1965))


def test_numbers_reach_polars_without_a_copy(panel):
    theirs = pyarrow.table(panel)
    frame = polars.DataFrame(panel)
    whole = [name for name, kind in panel.types.items() if kind in ("Int64", "Int32", "Float64")]
    assert whole
    for name in whole:
        ours = [address for address, _ in panel._rows.addresses(name)]
        assert [chunk.buffers()[1].address for chunk in theirs[name].chunks] == ours
        chunks = frame[name].get_chunks()
        assert [chunk.to_arrow().buffers()[1].address for chunk in chunks] == ours, name


def test_a_frame_equals_the_file_that_the_program_writes(panel, tmp_path):
    file = tmp_path / "panel.parquet"
    said = comity.command(["panel", "dyad-years", "--with", "majors,pledges", "--years", "1946-1965", "-o", str(file)])
    assert file.exists(), said
    theirs = polars.read_parquet(file)
    ours = panel.to_polars()
    assert ours.schema == theirs.schema
    assert ours.equals(theirs, null_equal=True)


def test_narrow_types_hold_the_same_values(panel):
    narrow = comity.panel("dyad-years", ["majors", "pledges"], years=(1946, 1965), narrow=True)
    assert narrow.columns == panel.columns
    assert narrow.to_polars().cast(panel.to_polars().schema).equals(panel.to_polars(), null_equal=True)


def test_null_is_null_in_pandas():
    frame = comity.panel("state-years", ["majors"], years=(1816, 1820)).to_pandas()
    assert str(frame["year"].dtype) == "Int64"
    table = comity.query("select cast(null as int) as nothing, 0 as zero")
    assert table.to_pandas()["nothing"].isna().all()
    assert (table.to_pandas()["zero"] == 0).all()
    assert table.to_pandas(nullable=False)["nothing"].isna().all()


def test_labels_and_codes_go_with_the_columns(panel):
    field = panel.to_arrow().schema.field("cowmaj1")
    assert b"label" in field.metadata
    assert panel.labels["cowmaj1"] == field.metadata[b"label"].decode()
    assert panel.to_pandas().attrs["labels"]["cowmaj1"] == panel.labels["cowmaj1"]


@pytest.mark.published
def test_values_of_codes_go_with_the_columns(data, tmp_path):
    folder = tmp_path / "record"
    comity.record.add([data / "cow-contiguity", data / "cow-states"], record=folder)
    record = comity.Record(folder)
    contiguity = record.panel("dyad-years", ["contiguity"], years=1950)
    about = next(entry for entry in contiguity.about if entry["name"] == "conttype")
    assert about["values"][1]
    values = json.loads(contiguity.to_arrow().schema.field("conttype").metadata[b"values"])
    assert {int(code): says for code, says in values.items()} == about["values"]


def test_a_table_is_taken_again_and_again(panel):
    assert polars.DataFrame(panel).height == polars.DataFrame(panel).height == panel.num_rows == len(panel)


def test_dates_and_texts_and_empty_answers_pass():
    table = comity.query("select date '1816-01-01' as day, 'ä' as text, cast(1 as double) / 3 as third, true as truth")
    row = next(table.rows())
    assert (str(row["day"]), row["text"], row["truth"]) == ("1816-01-01", "ä", True)
    assert abs(row["third"] - 1 / 3) < 1e-15
    none = comity.query("select ccode, year from vetoes where year = 1800")
    assert none.num_rows == 0 and none.to_polars().columns == ["ccode", "year"]
    assert "[0 rows, 2 columns]" in repr(none)


def test_markup_in_a_value_is_text():
    page = comity.query("select '<script>alert(1)</script>' as x")._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_package_that_is_missing_is_named():
    code = "import sys; sys.modules['pyarrow'] = None; import comity\ntry:\n    comity.query('select 1 as x').to_arrow()\nexcept ImportError as error:\n    print(error)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert said.stdout == "to_arrow() needs the package pyarrow: pip install pyarrow\n", said.stderr


def test_citations_are_bibtex(panel):
    assert panel.cite("bibtex").startswith("@")
    with pytest.raises(ValueError, match="bibtex"):
        panel.cite("ris")
