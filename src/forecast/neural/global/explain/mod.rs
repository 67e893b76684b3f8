//! Why a trained network forecasts what it does for one series, and what it would forecast were an input another.
//!
//! Groups of inputs are the players of a game: the forecast with some of them as they are and the others as in windows of
//! other series and times ([`game`], [`players`]). Their Shapley values ([`shapley`]) say what each adds. The level, the
//! season, Theta's forecast and the sizes that counts had before stay the series' own throughout: a network answers beside
//! them, and so the parts are units of demand that end at the very forecast which is shown. Where the network has
//! attention, its weights are read out ([`attention`]). *What if* changes the data themselves and forecasts anew, without
//! training ([`what_if`]).
//!
//! All of it runs on the CPU: weights are the same numbers wherever they were trained.

mod attention;
mod case;
mod game;
mod players;
mod shapley;
mod what_if;
mod words;

#[cfg(test)]
mod tests;

pub use what_if::what_if;

use super::TrainedNetwork;
use crate::control::Control;
use crate::forecast::{ForecastError, Options};
use crate::model::{Contribution, NetworkExplanation, SalesPanel, SeriesId};
use case::Case;
use game::Game;

/// Takes the forecast that `network` makes of one series of a panel apart. `options` are those of the forecast.
///
/// # Errors
/// [`ForecastError::Refused`] when the network can't forecast the series, [`ForecastError::Cancelled`].
pub fn explain_network(
    network: &TrainedNetwork,
    (panel, id): (&SalesPanel, &SeriesId),
    options: &Options,
    control: &Control,
) -> Result<NetworkExplanation, ForecastError> {
    let case = Case::new((panel, id), network, options, control)?;
    let forecast = case.forecast(network, control)?;
    let inputs = case.inputs(network);
    let attention = attention::strip(&case, network, control)?;
    let case = case.with_references(panel, network, control)?;
    let mut game = Game::new(&case, network, control)?;
    let (level, theta) = game.level();
    let found = game.play(control)?;
    let usual = (0..level.len()).map(|h| found.base[h] - level[h] - theta[h]).collect();
    let contribution = |(of, by_step)| Contribution { of, by_step };
    Ok(NetworkExplanation {
        id: id.clone(),
        network: network.name().into(),
        start: panel.end().plus(1),
        forecast,
        level,
        theta,
        usual,
        contributions: found.values.into_iter().map(contribution).collect(),
        references: game.references(),
        sampling: found.sampling,
        attention,
        inputs,
    })
}
