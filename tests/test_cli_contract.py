"""The command as scripts use it: names, JSON shapes and exit codes of contracts.md."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent
VALUES = {
    "place": "Quito",
    "date": "2026-12-01",
    "ruc": "1799999990001",
    "branch": "0001",
    "business_name": "BANCO DE PRUEBA C.A.",
    "representative_name": "María Fernanda Guamán",
    "representative_id_kind": "cedula",
    "representative_id": "1712345675",
    "period": "2026-11",
    "sheet_type": "contributions",
    "petition": "Solicito que se regenere la planilla por la entrada que faltó registrar.",
    "email": "rrhh@empresa.example",
    "phone": "02 394 5666",
    "address": "Av. 10 de Agosto y Bogotá, Quito",
}
SHEET = {
    "ruc": "1799999990001",
    "branch": "0001",
    "period": "2026-09",
    "type": "contributions",
    "number": "2026-09-000123",
    "regime": "private",
    "state": "generated",
    "lines": [
        {
            "id_number": "1712345675",
            "name": "Ana",
            "relation": "06",
            "wage": "550.00",
            "days": 30,
            "part_time_hours": None,
            "reserve_fund": "none",
        }
    ],
}
NOVEDADES = [
    {
        "type": "MSU",
        "id_number": "1712345675",
        "effective": "2026-09-10",
        "registered": "2026-10-02",
        "wage": "600.00",
    }
]


class Command:
    """The command of this very source, in a process and on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            "PYTHONPATH": str(PROJECT),
            "PATH": "/usr/bin:/bin",
            "LANG": "es_EC.UTF-8",
            "VENTANILLA_DATA_DIR": str(folder / "data"),
        }

    def use(self, data: Path) -> None:
        """Be the service of another data folder from here on."""
        self._environment["VENTANILLA_DATA_DIR"] = str(data)

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli.main", *map(str, words)],
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def json(self, *words: str | Path, expect: int = 0) -> Any:
        done = self.run(*words, "--json")
        assert done.returncode == expect, done.stdout + done.stderr
        return json.loads(done.stdout)

    def write(self, name: str, value: object) -> Path:
        path = self.folder / name
        path.write_text(json.dumps(value), "utf-8")
        return path


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path)


def test_forms_are_listed_and_described(command: Command) -> None:
    listed = {row["form"] for row in command.json("form", "list")["forms"]}
    assert {"employer-request", "third-party-authorization"} <= listed
    described = command.json("form", "describe", "employer-request")
    fields = {field["name"]: field for field in described["fields"]}
    assert fields["ruc"]["kind"] == "comb"
    assert fields["ruc"]["max_length"] == 13
    assert len(fields["ruc"]["box_mm"]) == 4
    assert fields["representative_signature"]["kind"] == "signature"
    assert len(described["fingerprint"]) == 64
    assert command.run("form", "describe", "no-such-form").returncode == 2


def test_the_list_of_forms_says_where_the_papers_without_fields_are(command: Command) -> None:
    assert "sheet" not in {row["form"] for row in command.json("form", "list")["forms"]}
    told = " ".join(command.run("form", "list", "--help").stdout.split())
    assert "La planilla, la de fondos de reserva y la comparación no son formularios" in told
    assert "«ventanilla rebuild»" in told
    assert "«ventanilla case show»" in told


def test_values_are_checked_with_exit_codes(command: Command) -> None:
    good = command.write("good.json", VALUES)
    assert command.json("check-values", "employer-request", "--values", good) == {"problems": []}
    newer = command.write("newer.json", VALUES | {"ruc": "1793213150001"})
    warned = command.json("check-values", "employer-request", "--values", newer)
    assert [(row["code"], row["severity"]) for row in warned["problems"]] == [("RUC_CHECK_DIGIT", "warning")]
    bad = command.write("bad.json", VALUES | {"representative_id": "1712345676"})
    refused = command.json("check-values", "employer-request", "--values", bad, expect=1)
    assert [row["code"] for row in refused["problems"]] == ["ID_CHECK_DIGIT"]
    (command.folder / "broken.json").write_text("{")
    broken = command.run("check-values", "employer-request", "--values", "broken.json")
    assert broken.returncode == 3
    assert "JSON" in broken.stderr


def test_a_form_is_drawn_read_and_verified(command: Command) -> None:
    values = command.write("values.json", VALUES)
    assert (
        command.run("form", "draw", "employer-request", "--values", values, "--out", "form.pdf").returncode
        == 0
    )
    read = command.json("read", "form.pdf", expect=1)
    assert read["version"] == 1
    assert (
        read["files"][0]["sha256"] == hashlib.sha256((command.folder / "form.pdf").read_bytes()).hexdigest()
    )
    (document,) = read["documents"]
    assert document["seal"] == {"state": "valid"}
    assert {name: field["value"] for name, field in document["fields"].items()} == VALUES
    assert document["signatures"]["representative_signature"]["state"] == "absent"
    assert [row["code"] for row in document["problems"]] == ["SIGNATURE_ABSENT"]
    (verified,) = command.json("verify", "form.pdf")["documents"]
    assert verified["document"] == document["document"]
    assert (verified["status"], verified["differences"]) == ("current", [])
    command.json("read", "form.pdf", "--overlay", "evidencia", expect=1)
    (picture,) = (command.folder / "evidencia").iterdir()
    assert (picture.name, picture.read_bytes()[8:12]) == ("form p1.webp", b"WEBP")
    for other in ("form.PDF", "again/form.pdf"):
        path = command.folder / other
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((command.folder / "form.pdf").read_bytes())
    command.json("read", "form.pdf", "form.PDF", "again/form.pdf", "--overlay", "tres", expect=1)
    pictures = {each.name for each in (command.folder / "tres").iterdir()}
    assert pictures == {"form.pdf p1.webp", "form.PDF p1.webp", "form.pdf (2) p1.webp"}
    keys = command.json("keys", "list")
    others = command.json("read", "form.pdf", "--keys", command.write("keys.json", keys), expect=1)
    assert others["documents"][0]["seal"] == {"state": "valid"}


def test_bad_input_gets_its_code_and_a_spanish_sentence(command: Command) -> None:
    for name, content, code in (
        ("empty.pdf", b"", "FILE_EMPTY"),
        ("page.html", b"<html>hola</html>", "FILE_TYPE_UNSUPPORTED"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<<", "FILE_DAMAGED"),
    ):
        (command.folder / name).write_bytes(content)
        read = command.json("read", name, expect=3)
        (found,) = read["files"][0]["problems"]
        assert found["code"] == code
        assert "Por favor" in found["message"] or "conserva" in found["message"]
    assert command.run("read", "missing.pdf").returncode == 3


def test_the_core_alone(command: Command) -> None:
    sheet, novedades = command.write("sheet.json", SHEET), command.write("novedades.json", NOVEDADES)
    words = ("rebuild", "--sheet", sheet, "--novedades", novedades, "--on", "2026-10-02")
    rebuilt = command.json(*words, "--pdf", "comparison.pdf")
    assert rebuilt["outcome"] == "rebuilt"
    (line,) = rebuilt["sheet"]["lines"]
    assert (line["wage"], line["value"], line["personal"], line["employer"]) == (
        "600.00",
        "123.60",
        "56.70",
        "66.90",
    )
    wage = next(change for change in rebuilt["changes"] if change["field"] == "wage")
    assert (wage["before"], wage["after"], wage["novedad"]) == ("550.00", "600.00", 0)
    assert (command.folder / "comparison.pdf").read_bytes().startswith(b"%PDF")
    nothing = command.write("none.json", [])
    assert (
        command.json(*words[:3], "--novedades", nothing, "--on", "2026-10-02", expect=1)["outcome"]
        != "rebuilt"
    )
    assert command.run(*words[:-1], "ayer").returncode == 2


def test_what_a_paid_sheet_still_owes_is_told_beside_the_refusal(command: Command) -> None:
    paid = command.write("paid.json", SHEET | {"state": "paid"})
    words = ("rebuild", "--sheet", paid, "--on", "2026-10-02", "--novedades")
    result = command.json(*words, command.write("novedades.json", NOVEDADES), expect=1)
    assert result["outcome"] == "refused"
    # 123.60 - 113.30, and 1 % of the 50.00 more
    assert result["adjustment"]["totals"]["total"] == "10.80"
    live = ("rebuild", "--sheet", command.write("sheet.json", SHEET), *words[3:])
    assert "adjustment" not in command.json(*live, command.write("none.json", []), expect=1)


def test_the_core_reads_the_batch_file_of_the_institute(command: Command) -> None:
    head = ";".join([SHEET["ruc"], SHEET["branch"], *SHEET["period"].split("-")])
    person = SHEET["lines"][0]["id_number"]
    good, bad = command.folder / "novedades.txt", command.folder / "malas.txt"
    good.write_bytes(f"{head};MSU;{person};600.00\r\n".encode("ascii"))
    bad.write_bytes(f"{head};MSU;{person};600,00\r\n{head};SAL;{person};20260931;V;00000000\r\n".encode())
    words = ("rebuild", "--sheet", command.write("sheet.json", SHEET), "--on", "2026-10-02", "--novedades")
    rebuilt = command.json(*words, good)
    assert rebuilt["sheet"]["lines"][0]["wage"] == "600.00"
    refused = command.run(*words, bad)
    assert refused.returncode == 3
    assert "Línea 1" in refused.stderr
    assert "Línea 2" in refused.stderr


def test_the_demonstration_and_its_archive(command: Command) -> None:
    run = command.json("demo", "--keep", "tour")
    assert run["state"] == "archived"
    assert set(run["files"]) == {"request", "scan", "sheet", "reserve_fund_sheet", "comparison"}
    kept = Command(command.folder)
    kept._environment["VENTANILLA_DATA_DIR"] = str(command.folder / "tour" / "datos")
    (row,) = kept.json("case", "list")["cases"]
    assert (row["number"], row["state"]) == (run["case"], "archived")
    shown = kept.json("case", "show", run["case"])
    assert [event["event"] for event in shown["events"]][-1] == "archive"
    found = kept.json("archive", "find", "nusta")["documents"]
    original = next(item for item in found if item["kind"] == "original")
    assert kept.run("archive", "get", str(original["id"]), "--out", "original.pdf").returncode == 0
    scan = Path(run["files"]["scan"])
    scan = scan if scan.is_absolute() else command.folder / scan
    assert (command.folder / "original.pdf").read_bytes() == scan.read_bytes()
    assert kept.json("archive", "verify")["failures"] == []
    audit = kept.json("archive", "audit", "verify")
    assert audit["first_broken"] is None
    assert audit["events"] > 5
    (verified,) = kept.json("verify", scan, expect=1)["documents"]  # ours and unchanged, and good no more
    assert (verified["status"], verified["compared"]) == ("used", "values")
    assert verified["differences"] == []
    sheet = Path(run["files"]["sheet"])
    sheet = sheet if sheet.is_absolute() else command.folder / sheet
    (ours,) = kept.json("verify", sheet)["documents"]
    assert (ours["seal"], ours["compared"]) == ({"state": "valid"}, "file")
    (command.folder / "tocada.pdf").write_bytes(sheet.read_bytes() + b"\n% otra cosa\n")
    (touched,) = kept.json("verify", "tocada.pdf")["documents"]
    assert (touched["compared"], touched["verdict"]) == ("text", "caution")
    again = kept.json("receive", scan, "--branch-office", "Quito - Matriz")
    assert [found["code"] for found in again["problems"]] == ["FILE_DUPLICATE"]


def test_a_case_goes_out_and_comes_back_and_everything_is_backed_up(command: Command, tmp_path: Path) -> None:
    demo = command.json("demo", "--keep", tmp_path / "tour")
    command.use(tmp_path / "tour" / "datos")
    checked = command.json("archive", "verify")
    assert (checked["failures"], checked["repaired"]) == ([], [])
    assert checked["checked"] > 3
    trail = command.json("archive", "audit", "verify")
    assert trail["first_broken"] is None
    command.run("archive", "audit", "export", "--out", "bitacora.jsonl")
    offline = command.json("archive", "audit", "verify", "--file", "bitacora.jsonl")
    assert offline["broken_line"] is None
    assert offline["events"] >= trail["events"]
    assert command.json("archive", "export", demo["case"], "--out", "caso.zip")["cases"] == [demo["case"]]
    assert command.run("archive", "export", "2020-000001-0", "--out", "nada.zip").returncode == 1
    saved = command.json("backup", "--out", "respaldo.tar")
    assert saved["damaged"] == []
    command.use(tmp_path / "otra")
    assert command.json("archive", "import", "caso.zip")["cases"] == [demo["case"]]
    again = command.json("archive", "import", "caso.zip", expect=1)
    assert [found["code"] for found in again["problems"]] == ["PACKAGE_CASE_EXISTS"]
    refused = command.json("restore", "respaldo.tar", expect=1)
    assert [found["code"] for found in refused["problems"]] == ["BACKUP_NOT_EMPTY"]
    command.use(tmp_path / "restaurada")
    restored = command.json("restore", "respaldo.tar")
    assert (restored["failures"], restored["lacking"], restored["blobs"]) == ([], [], saved["blobs"])
    assert command.json("case", "show", demo["case"])["state"] == "archived"
    lines = (tmp_path / "bitacora.jsonl").read_text("utf-8").replace("consola", "nadie..", 1)
    (tmp_path / "bitacora.jsonl").write_text(lines, "utf-8")
    assert command.json("archive", "audit", "verify", "--file", "bitacora.jsonl", expect=1)["first_broken"]
