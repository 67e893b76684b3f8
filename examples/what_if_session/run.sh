#!/bin/bash
# A what-if session in the real window, without a screen: load, drag, branch, drag again, compare, seek a goal, set it, export.
#
#   cargo build --release
#   examples/what_if_session/run.sh FOLDER [WIDTH] [HEIGHT] [en|zh] [dark|light]
#
# needs Xvfb, xdotool and ImageMagick. FOLDER takes a picture of each step and the workbook; the session fails when no workbook is
# written. Places on the window are those of the present layout; after a change of it, look at the pictures and mend them here.
set -eu
out=$(realpath -m "$1") width=${2:-1280} height=${3:-800} language=${4:-en} theme=${5:-dark}
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${PLANWRIGHT:-${CARGO_TARGET_DIR:-$here/target}/release/planwright}
right=$((width - 1280))
# Chinese has one line more above the levers.
safety=393 lead=620
[ "$language" = en ] || safety=424 lead=648
mkdir -p "$out"
rm -f "$out"/*.png "$out"/plan.xlsx
home=$(mktemp -d)
cp "$here"/sample_data/company/*.csv "$home"

for number in $(seq 90 120); do
    [ -e "/tmp/.X$number-lock" ] || break
done
Xvfb ":$number" -screen 0 "${width}x${height}x24" > /dev/null 2>&1 &
screen=$!
export DISPLAY=":$number"
trap 'kill $window $screen 2> /dev/null; rm -rf "$home"' EXIT
sleep 1
HOME=$home LIBGL_ALWAYS_SOFTWARE=1 "$program" > "$out/log.txt" 2>&1 &
window=$!

picture() { import -window root "$out/$1.png"; }
key() { xdotool key "$1"; sleep "${2:-0.8}"; }
click() { xdotool mousemove "$1" "$2"; sleep 0.2; xdotool click 1; sleep "${3:-0.8}"; }
load() {
    key ctrl+o
    xdotool type --delay 8 "$home/$1"
    sleep 0.4
    key Return "$2"
}
# From x to another x on one line, with a picture while the button is down.
drag() {
    xdotool mousemove "$1" "$2"; sleep 0.2
    xdotool mousedown 1
    for step in $(seq 1 12); do
        xdotool mousemove $(($1 + ($3 - $1) * step / 12)) "$2"; sleep 0.05
    done
    picture "$4"
    xdotool mouseup 1; sleep 1
}

sleep 4
id=$(xdotool search --name Planwright | head -1)
xdotool windowsize "$id" "$width" "$height" windowmove "$id" 0 0 windowfocus "$id"
sleep 1
[ "$theme" = dark ] || click $((1197 + right)) 16
[ "$language" = en ] || click $((1248 + right)) 16

load sales.csv 8
picture 1-loaded
load items.csv 5
load receipts.csv 4
key ctrl+3 6
picture 2-stock
drag $((1036 + right)) $safety $((1120 + right)) 3-dragging
picture 4-dragged
key ctrl+6 1.5
click 556 98 2
picture 5-branched
key ctrl+3 1
drag $((1036 + right)) $lead $((1080 + right)) 6-dragging-lead-time
key ctrl+6 2
picture 7-compared
key ctrl+g 1.5
click 316 441 5
picture 8-goal-sought
key ctrl+e 1
xdotool key ctrl+a
xdotool type --delay 8 "$out/plan.xlsx"
picture 9-export
key Return 8
picture 10-exported
key ctrl+6 1
key ctrl+z 2
picture 11-undone
test -s "$out/plan.xlsx"
