//! The version is that of Cargo.toml wherever else it is written down.

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The Python hooks install the wheel of this version.
#[test]
fn hooks_install_this_version() {
    let file = include_str!("../pyproject.toml");
    let package = format!("version = \"{VERSION}\"");
    let wheel = format!("dependencies = [\"owners-cli=={VERSION}\"]");
    for line in [package, wheel] {
        assert!(
            file.lines().any(|each| each == line),
            "pyproject.toml lacks: {line}"
        );
    }
}
