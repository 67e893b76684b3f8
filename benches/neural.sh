#!/bin/sh
# Our training step beside PyTorch's and Keras', turn about: the original program's network on one core, and 1,024 windows of
# 52 steps with one layer of 128 units on THREADS. Prints each one's median and quickest turn, the ratios of these, and how
# far ours is from the core's peak. Other work on the machine only ever adds time: the quickest turns are fairest on a busy one.
# Use: benches/neural.sh PYTHON [KERAS_PYTHON] [TURNS] [THREADS]    PYTHON has torch and numpy; KERAS_PYTHON has tensorflow
# and numpy, "-" for none. 5 turns and 2 threads unless told. Needs the peers' script beside the checkout.
set -eu
torch=$1
keras=${2:--}
turns=${3:-5}
threads=${4:-2}
peers=../shared/bench/lstm_peers.py
found=$(mktemp)
trap 'rm -f "$found"' EXIT
export TF_CPP_MIN_LOG_LEVEL=3 TF_ENABLE_ONEDNN_OPTS=1

cargo bench --locked --no-default-features --bench neural --no-run
ours() {
    cargo bench --locked --no-default-features --quiet --bench neural -- "$@"
}

# One function of the peers' script by itself: Keras and PyTorch need not live in one environment.
peer() {
    OMP_NUM_THREADS=1 "$1" -c 'import runpy, sys
print("%s: %.3f ms per step" % runpy.run_path(sys.argv[1])[sys.argv[2]](20))' "$peers" "$2" 2>/dev/null
}

# Keeps the milliseconds of a line under a name.
keep() {
    sed -n 's/.*: \([0-9.]*\) ms per step.*/\1/p' | tail -n 1 | sed "s/^/$1 /" >>"$found"
}

turn=0
while [ "$turn" -lt "$turns" ]; do
    turn=$((turn + 1))
    RAYON_NUM_THREADS=1 ours step original 500 | keep "original planwright"
    peer "$torch" torch_step | keep "original pytorch"
    [ "$keras" = "-" ] || peer "$keras" keras_step | keep "original keras"
    RAYON_NUM_THREADS=$threads ours step large 10 | keep "large planwright"
    "$torch" benches/lstm_large.py --threads "$threads" | keep "large pytorch"
done
sort -k1,2 -k3,3n "$found" | awk '
    { key = $1 " " $2; if (!(key in count)) order[++keys] = key; value[key, ++count[key]] = $3 }
    END {
        for (k = 1; k <= keys; k++) {
            key = order[k]; n = count[key]; split(key, part, " "); own = part[1] " planwright"
            median[key] = n % 2 ? value[key, (n + 1) / 2] : (value[key, n / 2] + value[key, n / 2 + 1]) / 2
        }
        for (k = 1; k <= keys; k++) {
            key = order[k]; split(key, part, " "); own = part[1] " planwright"
            printf "%-22s median %8.3f ms, quickest %8.3f ms: %5.2f and %5.2f times ours\n", key, median[key], value[key, 1], median[key] / median[own], value[key, 1] / value[own, 1]
        }
    }'
RAYON_NUM_THREADS=1 ours step original 2000
RAYON_NUM_THREADS=1 ours step large 10
ours peak
