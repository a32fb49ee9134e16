"""The notebooks: kept as text and as notebook alike, without outputs, and each runs from top to bottom."""

import base64
import io
import os
import re
import time
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
from matplotlib.image import imread

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
SECONDS = 60.0
"""A notebook at its small size takes less; they take 5 to 11 on an idle machine."""
NAMES = sorted({path.stem for path in FOLDER.iterdir() if path.suffix in (".ipynb", ".py")})

each_notebook = pytest.mark.parametrize("name", NAMES)


def stored(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)


def cells_of(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


# --- as they are stored ---------------------------------------------------------------------------------------------


def test_notebooks_are_numbered_and_listed():
    assert [name[:3] for name in NAMES] == [f"{number:02}_" for number in range(1, len(NAMES) + 1)]
    for document in (ROOT / "README.md", FOLDER / "README.md"):
        text = document.read_text(encoding="utf-8")
        assert [name for name in NAMES if f"{name}.ipynb" not in text] == []


@each_notebook
def test_text_and_notebook_hold_the_same_cells(name):
    """If not: jupytext --update --to ipynb notebooks/NAME.py, or jupytext --to py:percent notebooks/NAME.ipynb."""
    text = jupytext.read(FOLDER / f"{name}.py")
    assert cells_of(text) == cells_of(stored(name))
    assert text.metadata["jupytext"]["formats"] == "ipynb,py:percent"


@each_notebook
def test_a_notebook_is_stored_without_outputs(name):
    notebook = stored(name)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell.source for cell in code if cell.outputs or cell.execution_count is not None]
    assert set(notebook.metadata) <= {"jupytext", "kernelspec"}
    assert not [cell.metadata for cell in notebook.cells if set(cell.metadata) - {"lines_to_next_cell"}]


@each_notebook
def test_a_notebook_begins_with_a_question_and_ends_with_what_is_not_claimed(name):
    cells = cells_of(stored(name))
    kind, first = cells[0]
    title, _, asked = first.partition("\n\n")
    assert kind == "markdown"
    assert re.fullmatch(rf"# {int(name[:2])} \S.*", title)
    assert "?" in asked
    assert "\n\n" not in asked  # one paragraph
    kind, last = cells[-1]
    assert (kind, last.partition("\n")[0]) == ("markdown", "## What is not claimed")


@pytest.fixture(scope="module")
def compiled():
    """Compile the model beforehand, where it is not in the cache: a minute that no notebook takes."""
    import sim

    sim.run("market", months=1, replicates=1, set=("population.n_households=10", "time.spinup=0"))


# --- as they run ----------------------------------------------------------------------------------------------------


def executed(name, folder):
    """Run a notebook at its small size, in an empty folder, with the packages of this checkout."""
    from nbclient import NotebookClient

    notebook = jupytext.read(FOLDER / f"{name}.py")
    environment = os.environ | {"LINLI_SMALL": "1", "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(folder / "ipython")}
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources=where)
    client.execute(env=environment)
    return notebook


@pytest.mark.thorough
@each_notebook
def test_a_notebook_runs(name, tmp_path, compiled):
    began = time.monotonic()
    notebook = executed(name, tmp_path)
    assert time.monotonic() - began < SECONDS
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    told = "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stderr")
    assert "Warning" not in told.replace("TqdmWarning", "")
    pictures = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert pictures
    for picture in pictures:
        pixels = imread(io.BytesIO(base64.b64decode(picture)))[..., :3]
        coloured = np.ptp(pixels, axis=-1) > 0.15  # text, axes and grid are grey, and data in colour
        assert coloured.mean() > 2e-4  # 0 where axes are empty
