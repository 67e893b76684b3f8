//! The `planwright` program: the command line. The window is not built yet; asking for it says what to do instead.

use planwright::cli::{self, Next};
use std::process::ExitCode;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match cli::main(std::env::args_os()) {
        Next::Exit(code) => ExitCode::from(code),
        Next::Window(_) => {
            cli::explain_missing_window();
            ExitCode::from(1)
        }
    }
}
