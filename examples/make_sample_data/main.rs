//! Writes `sample_data/`: `cargo run --example make_sample_data [FOLDER]`. Same bytes on every machine.

mod sample;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let root = std::env::args().nth(1).map_or_else(|| PathBuf::from("sample_data"), PathBuf::from);
    for (name, bytes) in sample::files() {
        let path = root.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, bytes)?;
    }
    Ok(())
}
