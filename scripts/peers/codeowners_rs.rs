//! The owners of every path on standard input, by the crate `codeowners-rs`: scripts/peers.sh builds it.

use std::io::{self, BufRead, BufWriter, Write};

fn main() -> io::Result<()> {
    let file = std::env::args().nth(1).expect("a CODEOWNERS file");
    let rules = codeowners_rs::parse(&std::fs::read_to_string(file)?).into_ruleset();
    let mut out = BufWriter::new(io::stdout().lock());
    for path in io::stdin().lock().lines() {
        let path = path?;
        let owners = rules.owners(&path).unwrap_or_default();
        write!(out, "{path}\t")?;
        for owner in owners {
            write!(out, "{} ", owner.value)?;
        }
        writeln!(out)?;
    }
    out.flush()
}
