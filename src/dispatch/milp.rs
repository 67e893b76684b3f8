//! The model with whole trips, written out for `good_lp`.
//!
//! Besides the rows of the model ([`super`]) it holds mixed-integer rounding cuts (Nemhauser and Wolsey 1988, *Integer
//! and Combinatorial Optimization*, §II.1.7). With `D` the demand behind a set of lanes and `s` what reaches it any other
//! way (lanes without a vehicle, lanes outside the set, unmet demand), `Σ Q_l y_l + s ≥ D`. Dividing by one `Q` and
//! with `f = frac(D/Q)` every integer plan also satisfies
//!
//! `Σ (⌊a_l⌋ + min(1, frac(a_l)/f)) y_l + s/(Q f) ≥ ⌈D/Q⌉`, where `a_l = Q_l/Q`.
//!
//! They make the relaxation nearly whole: without them a truck that is half full costs half a trip.

use super::UnmetRule;
use super::clock::Clock;
use super::transport::Part;
use super::{DispatchError, solver_fault};
use crate::control::Control;
use crate::text;
use good_lp::{Expression, ProblemVariables, SolverModel, Variable, variable};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// The solver stops this often to look at the cancel flag; it resumes where it was.
const SLICE: Duration = Duration::from_millis(40);

/// Fractions of a vehicle nearer to 0 or 1 than this give cuts with wild coefficients; they are left out.
const LEAST_FRACTION: f64 = 1e-4;

/// What the solver found.
#[derive(Debug)]
pub(super) struct Answer {
    /// Trips by lane, of the best plan found, if any.
    pub(super) trips: Option<BTreeMap<usize, f64>>,
    /// Proven lower bound of the cost, if any.
    pub(super) bound: Option<f64>,
    /// True when the plan is proven cheapest.
    pub(super) proven: bool,
}

/// The variables of a part, in the order they were declared.
struct Columns {
    /// x[lane, commodity]: units / scale.
    ship: BTreeMap<(usize, usize), Variable>,
    /// y[lane]: trips.
    trips: BTreeMap<usize, Variable>,
    /// u[commodity]: units / scale.
    unmet: Vec<Option<Variable>>,
    /// Where the trips of a lane stand among all variables.
    place: BTreeMap<usize, usize>,
}

/// Solves the part with whole trips until `end`.
pub(super) fn solve(part: &Part<'_>, end: Instant, clock: &Clock, control: &Control) -> Result<Answer, DispatchError> {
    let trucks = part.lanes().into_keys().filter_map(|l| part.frame.ways[l].truck.as_ref());
    let scale = trucks.map(|t| t.capacity).fold(f64::MIN_POSITIVE, f64::max);
    let mut variables = ProblemVariables::new();
    let (columns, objective) = declare(part, scale, &mut variables);
    let rows = rows(part, scale, &columns);
    run(variables, objective, rows, &columns.place, &Limits { end, clock, control })
}

/// Declares x, u, y and the objective: Σ c x + Σ t y + Σ p u.
fn declare(part: &Part<'_>, scale: f64, variables: &mut ProblemVariables) -> (Columns, Expression) {
    let mut columns =
        Columns { ship: BTreeMap::new(), trips: BTreeMap::new(), unmet: Vec::new(), place: BTreeMap::new() };
    let mut objective = Expression::default();
    for (lane, carried) in part.lanes() {
        let way = &part.frame.ways[lane];
        let mut reach = 0.0;
        for k in carried {
            let most = part.commodities[k].demand.min(way.most());
            reach += most;
            let x = variables.add(variable().min(0.0).max(most / scale));
            objective.add_mul(way.unit_cost * scale, x);
            columns.ship.insert((lane, k), x);
        }
        if let Some(truck) = &way.truck {
            let most = truck.trips_for(reach.min(way.most())).min(truck.max_trips);
            let y = variables.add(variable().integer().min(0.0).max(most));
            objective.add_mul(truck.trip_cost, y);
            columns.trips.insert(lane, y);
            columns.place.insert(lane, columns.ship.len() + columns.place.len());
        }
    }
    for commodity in &part.commodities {
        columns.unmet.push((part.unmet == UnmetRule::AtPenalty).then(|| {
            let u = variables.add(variable().min(0.0).max(commodity.demand / scale));
            objective.add_mul(commodity.penalty * scale, u);
            u
        }));
    }
    (columns, objective)
}

fn rows(part: &Part<'_>, scale: f64, columns: &Columns) -> Vec<good_lp::Constraint> {
    let mut rows = Vec::new();
    let lanes = part.lanes();
    // demand: Σ x + u = d
    for (k, commodity) in part.commodities.iter().enumerate() {
        let mut sum = Expression::default();
        for &lane in &commodity.lanes {
            sum.add_mul(1.0, columns.ship[&(lane, k)]);
        }
        if let Some(u) = columns.unmet[k] {
            sum.add_mul(1.0, u);
        }
        rows.push(sum.eq(commodity.demand / scale));
    }
    // site capacity: Σ x ≤ C
    let mut sites: BTreeMap<usize, Expression> = BTreeMap::new();
    for (&(lane, _), &x) in &columns.ship {
        let site = part.frame.ways[lane].site;
        if part.site_capacity[site].is_finite() {
            sites.entry(site).or_default().add_mul(1.0, x);
        }
    }
    rows.extend(sites.into_iter().map(|(site, sum)| sum.leq(part.site_capacity[site] / scale)));
    for (lane, carried) in &lanes {
        let way = &part.frame.ways[*lane];
        let mut sum = Expression::default();
        for k in carried {
            sum.add_mul(1.0, columns.ship[&(*lane, *k)]);
        }
        // lane capacity: Σ x ≤ K
        if way.capacity.is_finite() {
            rows.push(sum.clone().leq(way.capacity / scale));
        }
        // trips: Σ x ≤ Q y; y's own bound holds y ≤ most trips
        if let Some(truck) = &way.truck {
            sum.add_mul(-truck.capacity / scale, columns.trips[lane]);
            rows.push(sum.leq(0.0));
        }
    }
    for (set, behind) in cut_sets(part, &lanes) {
        rows.extend(cuts(part, scale, columns, &set, &behind));
    }
    rows
}

/// Sets of truck lanes worth a cut, with the commodities behind them: each alone, and all lanes of a customer.
fn cut_sets(part: &Part<'_>, lanes: &BTreeMap<usize, Vec<usize>>) -> Vec<(BTreeSet<usize>, Vec<usize>)> {
    let mut sets: Vec<(BTreeSet<usize>, Vec<usize>)> = Vec::new();
    let mut by_customer: BTreeMap<usize, (BTreeSet<usize>, BTreeSet<usize>)> = BTreeMap::new();
    for (&lane, carried) in lanes {
        let way = &part.frame.ways[lane];
        if way.truck.is_some() {
            sets.push((BTreeSet::from([lane]), carried.clone()));
            let all = by_customer.entry(way.customer).or_default();
            all.0.insert(lane);
            all.1.extend(carried);
        }
    }
    let whole = by_customer.into_values().filter(|(set, _)| set.len() > 1);
    sets.extend(whole.map(|(set, behind)| (set, behind.into_iter().collect())));
    sets
}

/// The cuts of one set of lanes, one per distinct vehicle capacity.
fn cuts(
    part: &Part<'_>,
    scale: f64,
    columns: &Columns,
    set: &BTreeSet<usize>,
    behind: &[usize],
) -> Vec<good_lp::Constraint> {
    let demand: f64 = behind.iter().map(|&k| part.commodities[k].demand).sum();
    let capacity = |lane: usize| part.frame.ways[lane].truck.as_ref().map_or(0.0, |t| t.capacity);
    let mut sizes: Vec<f64> = set.iter().map(|&l| capacity(l)).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    let mut found = Vec::new();
    for size in sizes {
        let f = (demand / size).fract();
        if !(LEAST_FRACTION..=1.0 - LEAST_FRACTION).contains(&f) {
            continue;
        }
        let mut sum = Expression::default();
        for &lane in set {
            let a = capacity(lane) / size;
            sum.add_mul(a.floor() + (a.fract() / f).min(1.0), columns.trips[&lane]);
        }
        let weight = scale / (size * f);
        for &k in behind {
            for &lane in part.commodities[k].lanes.iter().filter(|l| !set.contains(l)) {
                sum.add_mul(weight, columns.ship[&(lane, k)]);
            }
            if let Some(u) = columns.unmet[k] {
                sum.add_mul(weight, u);
            }
        }
        found.push(sum.geq((demand / size).ceil()));
    }
    found
}

struct Limits<'a> {
    end: Instant,
    clock: &'a Clock,
    control: &'a Control,
}

/// microlp in slices: between two of them the cancel flag is read, and the search resumes where it stopped.
#[cfg(not(feature = "highs"))]
fn run(
    variables: ProblemVariables,
    objective: Expression,
    rows: Vec<good_lp::Constraint>,
    place: &BTreeMap<usize, usize>,
    limits: &Limits<'_>,
) -> Result<Answer, DispatchError> {
    let mut model = variables.minimise(objective).using(good_lp::microlp);
    for row in rows {
        model.add_constraint(row);
    }
    let mut inner = model.as_inner().clone();
    inner.set_time_limit(SLICE);
    let broke = |e: &dyn std::fmt::Display| solver_fault(&text!("The solver stopped: {e}", "求解器中止：{e}"));
    let mut outcome = inner.solve().map_err(|e| broke(&e))?;
    loop {
        limits.control.check()?;
        if outcome.is_optimal() || Instant::now() >= limits.end.min(limits.clock.end()) {
            break;
        }
        outcome = outcome.resume().map_err(|e| broke(&e))?;
    }
    let trips = outcome.solution().map(|solution| {
        let values: Vec<f64> = solution.iter().map(|(_, value)| value).collect();
        place.iter().map(|(&lane, &at)| (lane, values[at].round().max(0.0))).collect()
    });
    Ok(Answer { trips, bound: outcome.stats().best_bound, proven: outcome.is_optimal() })
}

/// HiGHS in one go: stronger on large plans, but it can't be stopped before its time limit.
#[cfg(feature = "highs")]
fn run(
    variables: ProblemVariables,
    objective: Expression,
    rows: Vec<good_lp::Constraint>,
    place: &BTreeMap<usize, usize>,
    limits: &Limits<'_>,
) -> Result<Answer, DispatchError> {
    use good_lp::solvers::{Solution, SolutionStatus, WithTimeLimit};
    limits.control.check()?;
    let order: Vec<Variable> = variables.iter_variables_with_def().map(|(v, _)| v).collect();
    let left = limits.end.min(limits.clock.end()).saturating_duration_since(Instant::now()).max(SLICE);
    let mut model = variables.minimise(objective.clone()).using(good_lp::highs).with_time_limit(left.as_secs_f64());
    for row in rows {
        model.add_constraint(row);
    }
    let solution = match model.solve() {
        Ok(solution) => solution,
        Err(good_lp::ResolutionError::Other(_)) => return Ok(Answer { trips: None, bound: None, proven: false }),
        Err(e) => return Err(solver_fault(&text!("The solver stopped: {e}", "求解器中止：{e}"))),
    };
    let proven = matches!(solution.status(), SolutionStatus::Optimal);
    let trips = place.iter().map(|(&lane, &at)| (lane, solution.value(order[at]).round().max(0.0))).collect();
    Ok(Answer { trips: Some(trips), bound: proven.then(|| solution.eval(objective)), proven })
}
