//! Guaranteed service against stockpyl's `gsm_tree` (instances of Snyder & Shen, *Fundamentals of Supply Chain Theory*,
//! 2nd ed. 2019, chapter 6, some after Graves & Willems 2003) and against every combination of times on small trees.

use super::check;
use planwright::inventory::{NetworkError, ServiceTimes, Stage, guaranteed_service};
use proptest::prelude::*;

fn stage(processing_time: u32, holding_cost: f64) -> Stage {
    Stage { processing_time, inbound_time: 0, outbound_limit: None, holding_cost, safety_factor: 1.0, demand_sd: 0.0 }
}

/// A stage that customers outside ask of, with the longest time they accept.
fn shop(processing_time: u32, holding_cost: f64, limit: u32, demand_sd: f64) -> Stage {
    Stage { outbound_limit: Some(limit), demand_sd, ..stage(processing_time, holding_cost) }
}

fn with_factor(stages: &[Stage], safety_factor: f64) -> Vec<Stage> {
    stages.iter().map(|s| Stage { safety_factor, ..*s }).collect()
}

#[test]
fn example_6_5() {
    let stages =
        [Stage { inbound_time: 1, ..stage(2, 1.0) }, shop(1, 3.0, 0, 1.0), stage(1, 2.0), shop(1, 3.0, 1, 1.0)];
    let plan = guaranteed_service(&stages, &[(0, 2), (2, 1), (2, 3)]).unwrap();
    check(plan.cost, 8.277916867529369, 1e-13);
    assert_eq!(plan.outbound, [0, 0, 0, 1]);
    // Stage 1: √2·√(1 + 2), stage 2: √1, stage 3: √2·√1, stage 4: nothing.
    check(plan.safety_stock[0], 6f64.sqrt(), 1e-12);
    check(plan.safety_stock[3], 0.0, 1e-12);
}

#[test]
fn figure_6_14() {
    let stages = [
        stage(2, 0.01),
        stage(3, 0.03),
        stage(2, 0.04),
        stage(4, 0.06),
        stage(2, 0.12),
        stage(3, 0.13),
        stage(6, 0.2),
        stage(4, 0.08),
        stage(3, 0.04),
        shop(2, 0.5, 2, 10.0),
    ];
    let arcs = [(0, 1), (1, 2), (2, 4), (3, 4), (4, 5), (5, 9), (6, 9), (7, 9), (8, 9)];
    let plan = guaranteed_service(&with_factor(&stages, 1.6448536269514722), &arcs).unwrap();
    check(plan.cost, 18.824004472592172, 1e-12);
    assert_eq!(plan.outbound, [0, 3, 5, 4, 7, 0, 0, 0, 0, 2]);
}

#[test]
fn problem_6_7() {
    let stages = [shop(2, 4.0, 0, 10.0), stage(1, 3.0), Stage { inbound_time: 1, ..stage(1, 2.0) }];
    let plan = guaranteed_service(&with_factor(&stages, 4.0), &[(2, 1), (1, 0)]).unwrap();
    check(plan.cost, 357.77087639996637, 1e-12);
    assert_eq!(plan.outbound, [0, 3, 2]);
}

#[test]
fn problem_6_8() {
    let stages = [
        shop(5, 5.73, 3, 15.8),
        stage(10, 4.56),
        stage(2, 3.04),
        stage(15, 2.93),
        stage(8, 2.47),
        stage(5, 2.37),
        stage(9, 1.15),
        stage(5, 1.1),
        stage(1, 0.98),
        Stage { inbound_time: 7, ..stage(5, 0.87) },
    ];
    let arcs: Vec<(usize, usize)> = (1..10).map(|k| (k, k - 1)).collect();
    let plan = guaranteed_service(&with_factor(&stages, 2.0537489106318225), &arcs).unwrap();
    check(plan.cost, 1378.3020369043727, 1e-12);
    assert_eq!(plan.outbound, [3, 10, 0, 28, 13, 5, 0, 18, 13, 12]);
}

#[test]
fn problem_6_9() {
    let stages = [
        shop(7, 0.12054794520547946, 3, 4.1),
        shop(7, 0.07671232876712329, 3, 6.2),
        stage(21, 0.049315068493150684),
        stage(3, 0.0027397260273972603),
        stage(8, 0.010958904109589041),
        stage(2, 0.00410958904109589),
    ];
    let arcs = [(2, 0), (2, 1), (3, 2), (4, 2), (5, 4)];
    let plan = guaranteed_service(&with_factor(&stages, 4.0), &arcs).unwrap();
    check(plan.cost, 15.649530249501026, 1e-12);
    assert_eq!(plan.outbound, [3, 3, 0, 0, 0, 2]);
}

#[test]
fn what_is_no_tree_is_refused() {
    let stages = [stage(1, 1.0); 4];
    for (arcs, error, words) in [
        (&[(0, 1), (1, 2), (2, 0)][..], NetworkError::Ring { arc: 2 }, "Arc 3 closes a ring"),
        (&[(0, 1), (0, 2), (1, 3), (2, 3)], NetworkError::Ring { arc: 3 }, "Arc 4 closes a ring"),
        (&[(1, 1)], NetworkError::Ring { arc: 0 }, "Arc 1"),
        (&[(0, 1), (0, 1)], NetworkError::Ring { arc: 1 }, "Arc 2"),
        (&[(0, 1), (2, 3)], NetworkError::Apart { stage: 2 }, "Stage 3 isn't connected to stage 1"),
        (&[(0, 1), (1, 9)], NetworkError::UnknownStage { arc: 1 }, "Arc 2 names a stage"),
    ] {
        let found = guaranteed_service(&stages, arcs).unwrap_err();
        assert_eq!(found, error);
        assert!(found.to_string().starts_with(words), "{found}");
    }
    assert_eq!(guaranteed_service(&[], &[]), Err(NetworkError::Empty));
    for bad in [f64::NAN, -1.0, f64::INFINITY] {
        assert_eq!(guaranteed_service(&[stage(1, bad)], &[]), Err(NetworkError::BadNumber { stage: 0 }));
        assert_eq!(guaranteed_service(&[shop(1, 1.0, 0, bad)], &[]), Err(NetworkError::BadNumber { stage: 0 }));
        assert_eq!(guaranteed_service(&with_factor(&stages[..1], bad), &[]), Err(NetworkError::BadNumber { stage: 0 }));
    }
    assert_eq!(guaranteed_service(&[stage(u32::MAX, 1.0)], &[]), Err(NetworkError::TooLarge));
    let late = Stage { inbound_time: u32::MAX, ..stage(u32::MAX, 1.0) };
    assert_eq!(guaranteed_service(&[late; 3], &[(0, 1), (1, 2)]), Err(NetworkError::TooLarge));
}

#[test]
fn one_stage_covers_what_its_customers_do_not_wait() {
    let plan = guaranteed_service(&[Stage { inbound_time: 4, ..shop(6, 2.0, 1, 3.0) }], &[]).unwrap();
    check(plan.cost, 2.0 * 3.0 * 3.0, 1e-12);
    assert_eq!((plan.outbound[0], plan.inbound[0]), (1, 4));
}

/// Pooled deviations by walking down from each stage.
fn pooled(stages: &[Stage], arcs: &[(usize, usize)], k: usize) -> f64 {
    let below: f64 = arcs.iter().filter(|a| a.0 == k).map(|a| pooled(stages, arcs, a.1).powi(2)).sum();
    (stages[k].demand_sd.powi(2) + below).sqrt()
}

/// Cost of given outbound times, `None` when one can't be kept.
fn cost_of(stages: &[Stage], arcs: &[(usize, usize)], outbound: &[u32]) -> Option<f64> {
    let mut cost = 0.0;
    for (k, stage) in stages.iter().enumerate() {
        let supplied = arcs.iter().filter(|a| a.1 == k).map(|a| outbound[a.0]).max().unwrap_or(0);
        let time = (supplied.max(stage.inbound_time) + stage.processing_time).checked_sub(outbound[k])?;
        if stage.outbound_limit.is_some_and(|limit| outbound[k] > limit) {
            return None;
        }
        cost += stage.holding_cost * stage.safety_factor * pooled(stages, arcs, k) * f64::from(time).sqrt();
    }
    Some(cost)
}

fn brute_force(stages: &[Stage], arcs: &[(usize, usize)]) -> f64 {
    let longest: u32 = stages.iter().map(|s| s.processing_time + s.inbound_time).sum::<u32>() + 1;
    let n = stages.len() as u32;
    (0..longest.pow(n))
        .map(|code| (0..n).map(|k| code / longest.pow(k) % longest).collect::<Vec<_>>())
        .filter_map(|outbound| cost_of(stages, arcs, &outbound))
        .fold(f64::INFINITY, f64::min)
}

#[derive(Debug, Clone)]
struct Network {
    stages: Vec<Stage>,
    arcs: Vec<(usize, usize)>,
}

fn networks(most_stages: usize, longest: u32) -> impl Strategy<Value = Network> {
    let one = (0..=longest, 0..2u32, prop::option::of(0..3u32), (0.1..5.0f64, 0.5..2.0f64, 0.0..10.0f64));
    let stages = prop::collection::vec(one, 1..=most_stages);
    (stages, prop::collection::vec((0..100usize, any::<bool>()), most_stages)).prop_map(|(stages, links)| {
        let to_stage = |(processing_time, inbound_time, outbound_limit, (holding_cost, safety_factor, demand_sd))| {
            Stage { processing_time, inbound_time, outbound_limit, holding_cost, safety_factor, demand_sd }
        };
        let arc = |k: usize| {
            let (near, down) = links[k];
            if down { (near % k, k) } else { (k, near % k) }
        };
        Network { arcs: (1..stages.len()).map(arc).collect(), stages: stages.into_iter().map(to_stage).collect() }
    })
}

#[track_caller]
fn check_kept(network: &Network, plan: &ServiceTimes) {
    let Network { stages, arcs } = network;
    for &(from, to) in arcs {
        assert!(plan.inbound[to] >= plan.outbound[from]);
    }
    for (k, stage) in stages.iter().enumerate() {
        assert!(plan.inbound[k] >= stage.inbound_time);
        assert!(plan.outbound[k] <= stage.outbound_limit.unwrap_or(u32::MAX));
        let time = f64::from(plan.inbound[k] + stage.processing_time - plan.outbound[k]);
        check(plan.safety_stock[k], stage.safety_factor * pooled(stages, arcs, k) * time.sqrt(), 1e-9);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_other_times_are_cheaper(network in networks(4, 2)) {
        let plan = guaranteed_service(&network.stages, &network.arcs).unwrap();
        check_kept(&network, &plan);
        check(plan.cost, brute_force(&network.stages, &network.arcs), 1e-10);
        check(cost_of(&network.stages, &network.arcs, &plan.outbound).unwrap(), plan.cost, 1e-10);
    }

    #[test]
    fn larger_trees_keep_their_promises_and_shorter_work_never_costs_more(network in networks(30, 8)) {
        let plan = guaranteed_service(&network.stages, &network.arcs).unwrap();
        check_kept(&network, &plan);
        let mut faster = network.clone();
        faster.stages[0].processing_time = faster.stages[0].processing_time.saturating_sub(1);
        let faster = guaranteed_service(&faster.stages, &faster.arcs).unwrap();
        prop_assert!(faster.cost <= plan.cost * (1.0 + 1e-12));
    }

    #[test]
    fn any_arcs_are_answered(arcs in prop::collection::vec((0..6usize, 0..6usize), 0..8)) {
        let stages = [shop(2, 1.0, 0, 1.0); 5];
        // A tree has one arc less than stages.
        prop_assert!(guaranteed_service(&stages, &arcs).is_err() || arcs.len() == 4);
    }
}
