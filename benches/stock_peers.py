#!/usr/bin/env python3
"""The (s, S) policy of `cargo bench --bench stock -- panel_side_by_side` in numpy and in stockpyl, on one core.

Needs: pip install numpy stockpyl (stockpyl only for its part), in a virtual environment.
Use:   OMP_NUM_THREADS=1 python stock_peers.py [--items 1000]
Prints seconds, and nanoseconds per item, path and week: lost sales, a lead time of two weeks, a look at stock each week.
"""
import argparse
import time

import numpy as np

PATHS, WEEKS, LEAD = 1000, 26, 2


def numpy_panel(items):
    rng = np.random.default_rng(1)
    demand = np.maximum(rng.normal(50, 12, (WEEKS, PATHS)), 0).astype("f4")
    began, shortage = time.perf_counter(), 0.0
    for k in range(items):
        reorder, top = np.float32(120 + k % 50), np.float32(260 + k % 70)
        net = np.full(PATHS, 180, "f4")
        due, stock, short, orders = (np.zeros(PATHS, "f4") for _ in range(4))
        arrivals = np.zeros((WEEKS + LEAD, PATHS), "f4")
        out = np.zeros(WEEKS)
        for t in range(WEEKS):
            net += arrivals[t]
            due -= arrivals[t]
            served = np.minimum(demand[t], net)
            missed = demand[t] - served
            out[t] = np.count_nonzero(missed > 0) / PATHS
            short += missed
            stock += net - served / 2
            net -= served
            position = net + due
            quantity = np.where(position <= reorder, top - position, np.float32(0))
            orders += quantity > 0
            due += quantity
            arrivals[t + LEAD] += quantity
        shortage += float(short.sum())
    return time.perf_counter() - began, shortage


def stockpyl_item(periods):
    from stockpyl.sim import simulation
    from stockpyl.supply_chain_network import single_stage_system

    network = single_stage_system(
        holding_cost=1, stockout_cost=0, demand_type="N", mean=50, standard_deviation=12,
        shipment_lead_time=LEAD, policy_type="sS", reorder_point=120, order_up_to_level=260, initial_inventory_level=180,
    )
    began = time.perf_counter()
    simulation(network, periods, rand_seed=1, progress_bar=False)
    return time.perf_counter() - began


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--items", type=int, default=1000)
    items = arguments.parse_args().items
    numpy_panel(10)
    seconds, _ = numpy_panel(items)
    cells = items * PATHS * WEEKS
    print(f"numpy {np.__version__}: {seconds:.3f} s for {items} items, {seconds / cells * 1e9:.2f} ns per item, path and week")
    try:
        periods = 2000
        seconds = stockpyl_item(periods)
        print(f"stockpyl: {seconds:.3f} s for {periods} weeks of one item, {seconds / periods * 1e9:.0f} ns per week")
    except ImportError:
        print("stockpyl isn't there")


if __name__ == "__main__":
    main()
