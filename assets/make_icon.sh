#!/bin/sh
# Draws assets/icon.png, 256 × 256: stock saws down and is filled up again above its reorder line. Needs ImageMagick.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
convert -size 1024x1024 xc:none \
    -fill '#0b5c8f' -draw 'roundrectangle 32,32 991,991 210,210' \
    -fill none -stroke '#ffffff' -strokewidth 64 \
    -draw 'stroke-linejoin round stroke-linecap round polyline 176,300 400,650 400,300 624,650 624,300 848,650' \
    -stroke '#f2b134' -strokewidth 44 \
    -draw 'stroke-linecap round stroke-dasharray 96 84 line 176,770 848,770' \
    -resize 256x256 -strip -define png:exclude-chunks=date,time PNG32:"$here/icon.png"
