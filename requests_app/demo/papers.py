"""Letters of the story as PDF: one page of plain lines, the same bytes each time."""

from collections.abc import Sequence

_PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"


def letter(lines: Sequence[str]) -> bytes:
    """This will return a letter; its lines are plain ASCII without brackets."""
    text = "BT /F 12 Tf 18 TL 72 700 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        _PAGE,
        f"<</Length {len(text)}>>\nstream\n{text}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    whole, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(f"{len(whole):010d} 00000 n \n")
        whole += f"{number} 0 obj\n{content}\nendobj\n"
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{''.join(places)}"
    return f"{whole}{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{len(whole)}\n%%EOF\n".encode()
