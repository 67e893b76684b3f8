#!/bin/sh
# Ours and statsforecast on the same series, one after the other, one thread each: accuracy and seconds per series.
# Use: benches/peers.sh PYTHON [SERIES]    PYTHON has statsforecast and pandas; SERIES per set, 300 unless told.
# Needs the shared data and peers' script beside the checkout.
set -eu
python=$1
series=${2:-300}
script=../shared/bench/forecast_peers.py
ids=$(mktemp)
trap 'rm -f "$ids"' EXIT
cargo bench --locked --bench peers --no-run
for set in m3_monthly m3_quarterly m3_yearly; do
    "$python" "$script" "$set" --series "$series" --list >"$ids"
    "$python" "$script" "$set" AutoETS,AutoTheta,AutoARIMA --series "$series"
    cargo bench --locked --quiet --bench peers -- "$set" "ets;theta;arima;combination;auto" --ids "$ids"
    # With paths, for the coverage of the intervals.
    cargo bench --locked --quiet --bench peers -- "$set" "ets;theta;arima;auto" --ids "$ids" --paths 1000
done
"$python" "$script" carparts SESOptimized,CrostonOptimized,CrostonSBA,TSB,ADIDA,IMAPA --series "$series"
cargo bench --locked --quiet --bench peers -- carparts "auto;intermittent-combination;imapa;adida;tsb;sba;croston" --paths 300
