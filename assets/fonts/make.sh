#!/bin/sh
# Cuts Planwright's bundled fonts from their originals. Needs fonttools and brotli (`pip install fonttools brotli`).
#
#   sh assets/fonts/make.sh NotoSansCJK-Regular.ttc FOLDER_OF_IBM_PLEX_SANS
#
# The first is the file of Debian's package fonts-noto-cjk (2.004), the second the unpacked npm package
# @ibm/plex-sans 1.1.0 (the folder that holds LICENSE.txt and fonts/).
set -eu
noto=${1:?NotoSansCJK-Regular.ttc}
plex=${2:?folder of @ibm/plex-sans}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Chinese: GB 2312 levels 1 and 2, CJK punctuation, full-width forms, and what Latin text in a Chinese sentence needs.
python3 - "$work" <<'PY'
import sys
gb2312 = [bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)]
chars = {b.decode("gb2312", "ignore") for b in gb2312} - {""}
chars |= {chr(c) for c in range(0x3000, 0x3020)} | {chr(c) for c in [*range(0xFF01, 0xFF5F), *range(0xFFE0, 0xFFE7)]}
chars |= {chr(c) for c in range(0x20, 0x7F)} | set("·×÷±−–—‘’“”…‰′″℃→←↑↓√∑≤≥≠≈∞▲▼△▽■□●○★☆✓￥¥")
open(f"{sys.argv[1]}/chinese.txt", "w", encoding="utf-8").write("".join(sorted(chars)))
PY
# Face 2 of the collection is Noto Sans CJK SC.
pyftsubset "$noto" --font-number=2 --text-file="$work/chinese.txt" --output-file="$here/NotoSansSC-subset.otf" \
    --layout-features=locl,ccmp --desubroutinize --no-hinting --name-IDs='0,1,2,3,4,5,6,13,14' --notdef-outline

# The Latin font is IBM Plex Sans: basic Latin, Latin-1, Latin Extended-A, Greek, punctuation, currency, arrows and
# the signs that formulas use.
unicodes=U+0020-007E,U+00A0-017F,U+0218-021B,U+0370-03FF,U+2010-2027,U+202F,U+2030-203A,U+2044,U+2070-208E,U+20AC
unicodes=$unicodes,U+2116,U+2122,U+2190-2199,U+2202,U+2206,U+220F,U+2211,U+2212,U+2215,U+2219,U+221A,U+221E,U+222B
unicodes=$unicodes,U+2248,U+2260,U+2264,U+2265,U+25A0,U+25B2,U+25B6,U+25BC,U+25C0,U+25CA,U+25CF,U+2713
for weight in Regular Medium SemiBold; do
    python3 - "$plex/fonts/complete/woff2/IBMPlexSans-$weight.woff2" "$work/$weight.ttf" <<'PY'
import sys
from fontTools.ttLib import TTFont
font = TTFont(sys.argv[1], recalcTimestamp=False)
font.flavor = None
# "Plex" is a reserved font name: a cut version must bear another.
for record in font["name"].names:
    text = record.toUnicode()
    if record.nameID in (1, 3, 4, 6, 16, 18, 21):
        record.string = text.replace("IBM Plex Sans", "Planwright Sans").replace("IBMPlexSans", "PlanwrightSans")
font.save(sys.argv[2])
PY
    pyftsubset "$work/$weight.ttf" --unicodes="$unicodes" --output-file="$here/PlanwrightSans-$weight.ttf" \
        --layout-features=kern,ccmp,mark,mkmk,locl --no-hinting --name-IDs='0,1,2,3,4,5,6,13,14,16,17' --notdef-outline
done
