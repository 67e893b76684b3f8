//! The `planwright` program: the command line, and the window when no subcommand is named.

use planwright::cli::{self, Next};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match cli::main(std::env::args_os()) {
        Next::Exit(code) => ExitCode::from(code),
        Next::Window(file) => open_window(file).unwrap_or_else(|why| {
            cli::explain_missing_window(&why);
            ExitCode::from(1)
        }),
    }
}

#[cfg(feature = "gui")]
fn open_window(file: Option<PathBuf>) -> Result<ExitCode, String> {
    planwright::gui::run(file).map(|()| ExitCode::SUCCESS).map_err(|error| error.to_string())
}

#[cfg(not(feature = "gui"))]
fn open_window(_: Option<PathBuf>) -> Result<ExitCode, String> {
    Err("this program was built without the window".to_owned())
}
