"""PDFium's functions as they are called many thousand times a document.

pypdfium2 wraps every address in a pointer object of its type. Here an address is a plain number,
which makes a call a third cheaper; None is none. PDFium is not safe among threads: one thread of
a process calls these, and no other one runs meanwhile.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2  # noqa: F401 - it makes PDFium ready
import pypdfium2.raw as pdfium

TEXT = int(pdfium.FPDF_PAGEOBJ_TEXT)
PATH = int(pdfium.FPDF_PAGEOBJ_PATH)
FORM = int(pdfium.FPDF_PAGEOBJ_FORM)
MOVE_TO = int(pdfium.FPDF_SEGMENT_MOVETO)
BEZIER_TO = int(pdfium.FPDF_SEGMENT_BEZIERTO)


class Floats:
    """Numbers that PDFium writes, with the address of each."""

    def __init__(self, count: int, kind: type[ctypes.c_float | ctypes.c_double] = ctypes.c_float):
        values = (kind * count)()
        self.at = tuple(ctypes.addressof(values) + ctypes.sizeof(kind) * n for n in range(count))
        self.read: Callable[[], list[float]] = _read_of(memoryview(values), kind)
        """Returns the numbers that were written last."""


def _read_of(
    values: memoryview[int], kind: type[ctypes.c_float | ctypes.c_double]
) -> Callable[[], list[float]]:
    plain: Any = values.cast("B").cast("f" if kind is ctypes.c_float else "d")
    read: Callable[[], list[float]] = plain.tolist
    return read


def _call(name: str) -> Callable[..., int]:
    """Return a function of PDFium that takes and returns addresses as numbers."""
    function = getattr(pdfium, name)
    kinds = [_plain(kind) for kind in (function.restype, *function.argtypes)]
    address = ctypes.cast(function, ctypes.c_void_p).value
    call: Callable[..., int] = ctypes.PYFUNCTYPE(*kinds)(address or 0)
    return call


def _plain(kind: Any) -> Any:
    is_address = isinstance(kind, type) and issubclass(kind, ctypes._Pointer)
    return ctypes.c_void_p if is_address else kind


open_document = _call("FPDF_LoadMemDocument64")
close_document = _call("FPDF_CloseDocument")
last_error = _call("FPDF_GetLastError")
count_pages = _call("FPDF_GetPageCount")
new_page = _call("FPDFPage_New")
load_page = _call("FPDF_LoadPage")
close_page = _call("FPDF_ClosePage")
page_rotation = _call("FPDFPage_GetRotation")
page_box = _call("FPDF_GetPageBoundingBox")
count_objects = _call("FPDFPage_CountObjects")
page_object = _call("FPDFPage_GetObject")
take_object = _call("FPDFPage_RemoveObject")
put_object = _call("FPDFPage_InsertObject")
destroy_object = _call("FPDFPageObj_Destroy")

object_type = _call("FPDFPageObj_GetType")
object_bounds = _call("FPDFPageObj_GetBounds")
object_matrix = _call("FPDFPageObj_GetMatrix")
count_marks = _call("FPDFPageObj_CountMarks")
object_mark = _call("FPDFPageObj_GetMark")
mark_value_type = _call("FPDFPageObjMark_GetParamValueType")
count_in_form = _call("FPDFFormObj_CountObjects")
form_object = _call("FPDFFormObj_GetObject")

count_segments = _call("FPDFPath_CountSegments")
path_segment = _call("FPDFPath_GetPathSegment")
segment_point = _call("FPDFPathSegment_GetPoint")
segment_type = _call("FPDFPathSegment_GetType")
stroke_width = _call("FPDFPageObj_GetStrokeWidth")

load_text = _call("FPDFText_LoadPage")
close_text = _call("FPDFText_ClosePage")
count_chars = _call("FPDFText_CountChars")
char_object = _call("FPDFText_GetTextObject")
char_loose_box = _call("FPDFText_GetLooseCharBox")
char_origin = _call("FPDFText_GetCharOrigin")
char_is_generated = _call("FPDFText_IsGenerated")
char_is_unmapped = _call("FPDFText_HasUnicodeMapError")
text_of_chars = _call("FPDFText_GetText")
object_font = _call("FPDFTextObj_GetFont")
object_font_size = _call("FPDFTextObj_GetFontSize")
font_name = _call("FPDFFont_GetBaseFontName")
font_descent = _call("FPDFFont_GetDescent")
font_is_embedded = _call("FPDFFont_GetIsEmbedded")
font_flags = _call("FPDFFont_GetFlags")
glyph_width = _call("FPDFFont_GetGlyphWidth")
