"""How a package describes a case to other archives: PREMIS 3 and Dublin Core, each as XML and as JSON."""

from __future__ import annotations

import json
from typing import Any, Final
from xml.etree import ElementTree as Xml

from operations.package_contents import PackedCase
from operations.papers import PAPER_TITLES
from regeneration.cases import CaseEvent, CaseState
from storage.audit import canonical_instant

PREMIS: Final = "http://www.loc.gov/premis/v3"
DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
Xml.register_namespace("premis", PREMIS)
Xml.register_namespace("dc", DUBLIN_CORE)
Xml.register_namespace("xsi", _INSTANCE)

_TYPES: Final = {
    "receive": "ingestion",
    "receive-again": "ingestion",
    "read-done": "metadata extraction",
    "read-failed": "metadata extraction",
    "correct": "metadata modification",
    "attest": "metadata modification",
    "withdraw": "metadata modification",
    "preconditions-passed": "validation",
    "preconditions-failed": "validation",
    "rebuild-done": "creation",
    "archive": "accession",
}
"""Our events in the words of the Library of Congress's list of event types; others keep our own."""


def premis_of(packed: PackedCase) -> dict[str, Any]:
    """Objects, events and agents of a case, by the names of PREMIS 3."""
    events = packed.rows["case_events"]
    return {
        "objects": [
            {
                "objectIdentifier": {"type": "sha256", "value": file.sha256},
                "messageDigestAlgorithm": "SHA-256",
                "messageDigest": file.sha256,
                "size": file.size,
                "formatName": file.media_type,
                "originalName": file.name,
                "contentLocation": file.path,
            }
            for file in packed.files
        ],
        "events": [
            {
                "eventIdentifier": {"type": "ventanilla", "value": f"{packed.number}/{event['sequence']}"},
                "eventType": _TYPES.get(event["event"], event["event"]),
                "eventDateTime": event["at"],
                "eventDetail": _label_of(event["event"]),
                "eventOutcomeDetailNote": json.dumps(event["data"], ensure_ascii=False, sort_keys=True),
                "linkingAgentIdentifier": {"type": "ventanilla user", "value": event["actor"]},
                "linkingObjectIdentifiers": _objects_of(event["data"]),
            }
            for event in events
        ],
        "agents": [
            {"agentIdentifier": {"type": "ventanilla user", "value": name}}
            for name in sorted({event["actor"] for event in events})
        ],
    }


def _label_of(event: str) -> str:
    if event == "receive":
        return "Se recibe"
    return CaseEvent(event).label


def _objects_of(data: dict[str, Any]) -> list[str]:
    """Digests of the files that an event tells of."""
    told = (*data.get("files", ()), *data.get("papers", ()), *data.get("pictures", ()))
    return sorted({str(each["sha256"]) for each in told})


def premis_xml(premis: dict[str, Any]) -> bytes:
    """The same as XML, in the order of the schema."""
    root = Xml.Element(f"{{{PREMIS}}}premis", {"version": "3.0"})
    for each in premis["objects"]:
        _add_object(root, each)
    for each in premis["events"]:
        _add_event(root, each)
    for each in premis["agents"]:
        agent = _add(root, "agent")
        _add_identifier(agent, "agentIdentifier", each["agentIdentifier"])
    return _written(root)


def _add_object(root: Xml.Element, each: dict[str, Any]) -> None:
    node = _add(root, "object")
    node.set(f"{{{_INSTANCE}}}type", "premis:file")
    _add_identifier(node, "objectIdentifier", each["objectIdentifier"])
    traits = _add(node, "objectCharacteristics")
    fixity = _add(traits, "fixity")
    _add(fixity, "messageDigestAlgorithm", each["messageDigestAlgorithm"])
    _add(fixity, "messageDigest", each["messageDigest"])
    _add(traits, "size", str(each["size"]))
    _add(_add(_add(traits, "format"), "formatDesignation"), "formatName", each["formatName"])
    _add(node, "originalName", each["originalName"])
    location = _add(_add(node, "storage"), "contentLocation")
    _add(location, "contentLocationType", "path in this package")
    _add(location, "contentLocationValue", each["contentLocation"])


def _add_event(root: Xml.Element, each: dict[str, Any]) -> None:
    node = _add(root, "event")
    _add_identifier(node, "eventIdentifier", each["eventIdentifier"])
    _add(node, "eventType", each["eventType"])
    _add(node, "eventDateTime", each["eventDateTime"])
    _add(_add(node, "eventDetailInformation"), "eventDetail", each["eventDetail"])
    outcome = _add(_add(node, "eventOutcomeInformation"), "eventOutcomeDetail")
    _add(outcome, "eventOutcomeDetailNote", each["eventOutcomeDetailNote"])
    _add_identifier(node, "linkingAgentIdentifier", each["linkingAgentIdentifier"])
    for sha256 in each["linkingObjectIdentifiers"]:
        _add_identifier(node, "linkingObjectIdentifier", {"type": "sha256", "value": sha256})


def _add(parent: Xml.Element, name: str, text: str | None = None) -> Xml.Element:
    node = Xml.SubElement(parent, f"{{{PREMIS}}}{name}")
    node.text = text if text is None else _printable(text)
    return node


def _printable(text: str) -> str:
    """The text without what XML 1.0 cannot hold; a file's name may have anything."""
    return "".join(
        sign if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff") else "\ufffd" for sign in text
    )


def _add_identifier(parent: Xml.Element, name: str, identifier: dict[str, str]) -> None:
    node = _add(parent, name)
    _add(node, f"{name}Type", identifier["type"])
    _add(node, f"{name}Value", identifier["value"])


def dublin_core_of(packed: PackedCase, office: str) -> dict[str, list[str]]:
    """The description of a case by the fifteen elements, those that apply."""
    case = packed.case
    request = case.answers.get("employer-request", {})
    about = [case.ruc, request.get("business_name", ""), case.period, CaseState(case.state).label]
    kinds = {PAPER_TITLES.get(file.kind, "") for file in packed.files}
    return {
        "title": [f"Trámite {packed.number}: regeneración de planillas de aportes"],
        "identifier": [packed.number],
        "creator": [case.office],
        "publisher": [office],
        "subject": [text for text in about if text],
        "description": sorted(kind for kind in kinds if kind),
        "date": [canonical_instant(case.received_at)],
        "type": ["Collection"],
        "format": sorted({file.media_type for file in packed.files}),
        "language": ["es-EC"],
        "rights": ["Contiene datos personales: Ley Orgánica de Protección de Datos Personales del Ecuador."],
    }


def dublin_core_xml(described: dict[str, list[str]]) -> bytes:
    """The same as XML."""
    root = Xml.Element("metadata")
    for name, values in described.items():
        for value in values:
            Xml.SubElement(root, f"{{{DUBLIN_CORE}}}{name}").text = _printable(value)
    return _written(root)


def _written(root: Xml.Element) -> bytes:
    Xml.indent(root)
    written: bytes = Xml.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"
