//! Replenishment policies and what they cost: exact where that can be computed, well-known approximations beside it.
//!
//! ```text
//! order_up_to         (s, S)        look every period, order up to S             exact, power approximation
//! fixed_lot           (r, Q)        order Q whenever the position falls to r     exact, EIL, EOQB, loss function
//! service             the level for a wanted service, and the service that a level gives
//! joint               items ordered together share the cost of an order
//! guaranteed_service  where in a network safety stock is held, and how much
//! loss, demand_pmf    expected shortages of normal and Poisson demand; demand as chances
//! ```

mod demand_pmf;
mod fixed_lot;
mod guaranteed_service;
mod joint;
mod loss;
mod order_up_to;
mod service;

pub use demand_pmf::DemandPmf;
pub use fixed_lot::{
    RqPolicy, best_reorder_point, rq_cost, rq_eil, rq_eoq_safety_stock, rq_eoqb, rq_loss_function, rq_optimal,
    rq_poisson, rq_poisson_cost,
};
pub use guaranteed_service::{NetworkError, ServiceTimes, Stage, guaranteed_service};
pub use joint::{JointItem, JointPlan, joint_replenishment, joint_replenishment_cost, joint_replenishment_silver};
pub use loss::{NormalDemand, poisson_loss, standard_normal_loss, standard_normal_second_loss};
pub use order_up_to::{SsPolicy, StockCosts, ss_cost, ss_optimal, ss_power_approximation};
pub use service::{AchievedService, Replenishment, ServiceInputs, ServiceModel, ServiceTarget};
