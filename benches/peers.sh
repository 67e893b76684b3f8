#!/bin/sh
# Ours and statsforecast on the same series, turn about model by model, one thread each: accuracy, and seconds of the
# processor per series, which other work on the machine hardly stretches.
# Use: benches/peers.sh PYTHON [SERIES]    PYTHON has statsforecast and pandas; SERIES per set, 300 unless told.
# Needs the shared data and peers' script beside the checkout.
set -eu
python=$1
series=${2:-300}
script=../shared/bench/forecast_peers.py
ids=$(mktemp)
trap 'rm -f "$ids"' EXIT

# The peers' script reads the wall clock; here it is handed the processor's.
theirs() {
    "$python" -c 'import runpy, sys, time
time.perf_counter = time.process_time
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")' "$script" "$@"
}

ours() {
    cargo bench --locked --no-default-features --quiet --bench peers -- "$@"
}

cargo bench --locked --no-default-features --bench peers --no-run
for set in m3_monthly m3_quarterly m3_yearly; do
    "$python" "$script" "$set" --series "$series" --list >"$ids"
    for pair in AutoETS:ets AutoTheta:theta AutoARIMA:arima; do
        theirs "$set" "${pair%:*}" --series "$series"
        ours "$set" "${pair#*:}" --ids "$ids"
    done
    # With paths, for the coverage of the intervals.
    ours "$set" "ets;theta;arima;combination;auto" --ids "$ids" --paths 1000
done
# All car parts on both sides.
theirs carparts SESOptimized,CrostonOptimized,CrostonSBA,TSB,ADIDA,IMAPA --series 10000
ours carparts "ses;croston;sba;tsb;adida;imapa;intermittent-combination;auto" --paths 300
