//! What a process writes, read on a thread of its own: the process never waits for a reader, and the
//! reader need not wait for the process.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Reads from a pipe until it ends.
pub(super) struct Listener {
    receiver: Receiver<Vec<u8>>,
    limit: u64,
}

impl Listener {
    /// Starts to read, and keeps no more than `limit` bytes.
    pub(super) fn new(mut pipe: impl Read + Send + 'static, limit: u64) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut kept = Vec::new();
            if (&mut pipe).take(limit + 1).read_to_end(&mut kept).is_ok() {
                // The receiver is gone if nobody waits any more.
                let _ = sender.send(kept);
                let _ = io::copy(&mut pipe, &mut io::sink());
            }
        });
        Listener { receiver, limit }
    }

    /// All that the process wrote; none if it does not end in time, or wrote more than the limit.
    pub(super) fn all(&self, patience: Duration) -> Option<Vec<u8>> {
        let kept = self.start(patience)?;
        (kept.len() as u64 <= self.limit).then_some(kept)
    }

    /// What the process wrote first, if it wrote that much or ended in time.
    pub(super) fn start(&self, patience: Duration) -> Option<Vec<u8>> {
        self.receiver.recv_timeout(patience).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    #[test]
    fn a_limit_on_what_is_kept() {
        let text = || io::Cursor::new(b"12345");
        let all = |limit| Listener::new(text(), limit).all(PATIENCE);
        assert_eq!(all(5).as_deref(), Some(&b"12345"[..]));
        assert_eq!(all(4), None);
        let start = Listener::new(text(), 2).start(PATIENCE);
        assert_eq!(start.as_deref(), Some(&b"123"[..]));
    }

    /// The writer is never stopped, and the reader does not wait for it.
    #[test]
    fn nobody_waits_for_the_other() {
        let (reader, mut writer) = io::pipe().unwrap();
        let listener = Listener::new(reader, 10);
        assert_eq!(listener.start(Duration::from_millis(1)), None);
        for _ in 0..20 {
            io::Write::write_all(&mut writer, &[b'x'; 10_000]).unwrap();
        }
        drop(writer);
        assert_eq!(listener.all(PATIENCE), None);
    }
}
