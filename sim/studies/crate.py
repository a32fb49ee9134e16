"""The receipt of a study for others: an RO-Crate 1.1 of profile Process Run Crate, beside the data it describes."""

import json
from pathlib import Path
from typing import Any

from sim.studies import store
from sim.studies.ledger import MANIFEST
from sim.studies.store import CRATE, DESIGN, Store

_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_SCHEMA = "https://w3id.org/ro/crate/1.1"


def export(path: Path) -> Path:
    """Write the crate of a study into its folder and return the file.

    Raises InputError where there is no study, or its manifest or a file was changed.
    """
    with store.open_store(path) as kept:
        kept.require_whole()
        text = crate_text(kept)
        store.write(path / CRATE, lambda partial: partial.write_text(text, encoding="utf-8"))
    return path / CRATE


def crate_text(kept: Store) -> str:
    """Return the crate of a study, which its manifest determines."""
    return json.dumps(_crate(kept), indent=1, ensure_ascii=False) + "\n"


def _crate(kept: Store) -> dict[str, Any]:
    manifest = kept.manifest
    data = {
        store.name_of(table, name): told
        for name, entry in kept.chunks.items()
        for table, told in entry["files"].items()
    }
    inputs = {**manifest["inputs"], DESIGN: manifest["design"]["sha256"]}
    files = [
        _file(name, sha, "application/toml" if name.endswith(".toml") else "text/plain") for name, sha in inputs.items()
    ]
    files += [
        _file(name, told["sha256"], "application/vnd.apache.parquet", told["bytes"]) for name, told in data.items()
    ]
    files.append({"@id": MANIFEST, "@type": "File", "encodingFormat": "application/json"})
    sessions = manifest["sessions"]
    ended = sessions[-1]["ended"] if sessions else manifest["started"]
    actions = [_action(number, session, inputs, data) for number, session in enumerate(sessions, 1)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": manifest["question"],
        "description": _description(manifest),
        "datePublished": ended,
        "license": {"@id": "https://spdx.org/licenses/MIT"},
        "conformsTo": {"@id": _PROFILE},
        "hasPart": [{"@id": item["@id"]} for item in files],
        "mentions": [{"@id": action["@id"]} for action in actions],
    }
    head = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _SCHEMA},
        "about": {"@id": "./"},
    }
    licence = {"@id": "https://spdx.org/licenses/MIT", "@type": "CreativeWork", "name": "MIT licence"}
    profile = {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    graph = [head, root, licence, profile, *_software(manifest), *actions, *files]
    return {"@context": f"{_SCHEMA}/context", "@graph": graph}


def _description(manifest: dict[str, Any]) -> str:
    arms = ", ".join(f"{label} @ {place}" for label, place, _ in manifest["arms"])
    by = f"{manifest['design']['points']} points, {manifest['replicates']} replicates, {manifest['months']} months"
    return f"Simulations of neighbourhood governance with linli: {arms}; {by}, seed {manifest['seed']}."


def _file(name: str, sha: str, kind: str, size: int | None = None) -> dict[str, Any]:
    if name.endswith(".parquet"):
        kind = "application/vnd.apache.parquet"
    entry = {"@id": name, "@type": "File", "encodingFormat": kind, "sha256": sha}
    return entry if size is None else entry | {"contentSize": str(size)}


def _software(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    code = manifest["code"] or {}
    linli = {
        "@id": "#linli",
        "@type": "SoftwareApplication",
        "name": "linli",
        "version": manifest["versions"]["linli"] or "not installed",
        "identifier": f"model {manifest['model_hash']}",
        "softwareRequirements": [{"@id": f"#{name}"} for name in manifest["versions"] if name != "linli"],
    }
    if code:
        linli["softwareVersion"] = f"commit {code['commit']}{', with changes' if code['dirty'] else ''}"
    others = [
        {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": version or "not installed"}
        for name, version in manifest["versions"].items()
        if name != "linli"
    ]
    return [linli, *others]


def _action(number: int, session: dict[str, Any], inputs: dict[str, str], data: dict[str, Any]) -> dict[str, Any]:
    return {
        "@id": f"#session-{number}",
        "@type": "CreateAction",
        "name": session["command"] or "sim.studies",
        "startTime": session["started"],
        "endTime": session["ended"],
        "instrument": {"@id": "#linli"},
        "object": [{"@id": name} for name in inputs],
        "result": [{"@id": name} for name in data],
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }
