"""What readers of other hands make of an export; run by the Python of their own environment. Prints JSON."""

import io
import json
import logging
import sys
import zipfile
from pathlib import Path

from moodle_xml_parser import parser as moodle
from pyslet import imsqtiv2p1 as qti21
from qti_convert import read_package, upgrade_package_files
from qti_package_maker.common.package_integrity import check_package

logging.disable(logging.CRITICAL)  # pyslet asks for <p> around every line of text


def refused(text: bytes) -> str:
    """Why pyslet, which knows which element may stand where, refuses a document of QTI 2.1; '' if it does not."""
    try:
        qti21.QTIDocument().read(src=io.BytesIO(text))
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"
    return ""


folder = Path(sys.argv[1])
of_moodle = moodle.parse_bytes((folder / "moodle.xml").read_bytes())
with zipfile.ZipFile(folder / "qti-2.1.zip") as archive:
    documents = {name: archive.read(name) for name in archive.namelist() if name != "imsmanifest.xml"}
sample = next(text for name, text in documents.items() if b"<orderInteraction" in text)
upgraded = upgrade_package_files(read_package(folder / "qti-2.1.zip")).files
print(
    json.dumps(
        {
            "moodle choices": [
                [one.name, one.single, [[option.score_fraction, option.feedback] for option in one.options]]
                for one in of_moodle["multichoice"]
            ],
            "moodle gaps": [
                [one.name, [[[option.score, option.feedback] for option in gap.options] for gap in one.gaps]]
                for one in of_moodle["cloze"]
            ],
            "qti 2.1 refused": {name: why for name, text in documents.items() if (why := refused(text))},
            "qti 2.1 read": len(documents),
            "a broken one refused": [
                refused(sample.replace(b"orderInteraction", b"sortInteraction")),
                refused(sample.replace(b"<itemBody>", b"<itemBody><unknown/>")),
            ],
            "canvas integrity": check_package(str(folder / "canvas-qti-1.2.zip")),
            "qti 2.1 integrity": check_package(str(folder / "qti-2.1.zip")),
            "as qti 3": sum("<qti-assessment-item " in str(text) for text in upgraded.values()),
        }
    )
)
