//! The command line: the same engines without a window.
//!
//! One file per subcommand over [`pipeline`](crate::pipeline). Standard output carries the `--json` summary and nothing
//! else; progress and findings go to standard error. Files are written only when everything succeeded.

mod arguments;
mod outcome;
mod plan_files;

mod backtest;
mod cash;
mod check;
mod compare;
mod devices;
mod dispatch;
mod drivers;
mod explain;
mod explore;
mod forecast;
mod leadtimes;
mod receipts;
mod risk;
mod run;
mod segments;
mod shapes;
mod stock;
mod weights;

use arguments::{Arguments, Subcommand};
use clap::Parser;
use outcome::{Exit, Job};
use std::ffi::OsString;
use std::path::PathBuf;

/// What the program does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Open the window, on a project or data file when one is named.
    Window(Option<PathBuf>),
    /// End with this exit code: 0 done, 1 failed, 2 wrong arguments, 3 the data has errors, 4 infeasible, 130 cancelled.
    Exit(u8),
}

/// Reads the arguments (the program's name first) and does what they say, unless that is to open the window.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Next {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are errors to clap; they go to standard output and end with 0.
            let code = error.exit_code();
            if error.print().is_err() {
                return Next::Exit(1);
            }
            return Next::Exit(code.try_into().unwrap_or(2));
        }
    };
    let Some(command) = arguments.command else { return Next::Window(arguments.project) };
    let job = Job::start(command.common());
    let result = match &command {
        Subcommand::Run(a) => run::run(a, &job),
        Subcommand::Check(a) => check::run(a, &job),
        Subcommand::Forecast(a) => forecast::run(a, &job),
        Subcommand::Backtest(a) => backtest::run(a, &job),
        Subcommand::Stock(a) => stock::run(a, &job),
        Subcommand::Risk(a) => risk::run(a, &job),
        Subcommand::Dispatch(a) => dispatch::run(a, &job),
        Subcommand::Shapes(a) => shapes::run(a, &job),
        Subcommand::Leadtimes(a) => leadtimes::run(a, &job),
        Subcommand::Devices(_) => Ok(devices::run()),
        Subcommand::Weights(a) => weights::run(a, &job),
        Subcommand::Explain(a) => explain::run(a, &job),
        Subcommand::Compare(a) => compare::run(a, &job),
        Subcommand::Cash(a) => cash::run(a, &job),
        Subcommand::Segments(a) => segments::run(a, &job),
        Subcommand::Goal(a) => explore::goal(a, &job),
        Subcommand::Sensitivity(a) => explore::sensitivity(a, &job),
    };
    Next::Exit(match result {
        Ok(summary) => job.finish(&summary),
        Err(error) => job.fail(&error),
    })
}

/// A finished subcommand: what `--json` prints, and how the program ends.
#[derive(Debug)]
struct Done {
    summary: serde_json::Value,
    exit: Exit,
}

/// Says why there is no window and which command does the main job without one.
pub fn explain_missing_window(why: &str) {
    outcome::say(&format!("planwright: {why}. The main job without a window:"));
    outcome::say("  planwright run --sales SALES.csv --items ITEMS.csv --network NETWORK_FOLDER --out PLAN.xlsx");
    outcome::say("`planwright --help` lists the other commands.");
}
