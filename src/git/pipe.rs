//! Reads the output of a process on a separate thread. The process is never blocked on writing, and
//! the reader need not wait for the process.

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
    /// Starts reading. Keeps at most `limit` bytes.
    pub(super) fn new(mut pipe: impl Read + Send + 'static, limit: u64) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut kept = Vec::new();
            if (&mut pipe).take(limit + 1).read_to_end(&mut kept).is_ok() {
                // The receiver is gone if nobody waits any longer.
                let _ = sender.send(kept);
                let _ = io::copy(&mut pipe, &mut io::sink());
            }
        });
        Listener { receiver, limit }
    }

    /// The whole output. `None` if the process does not end in time, or writes more than the limit.
    pub(super) fn all(&self, timeout: Duration) -> Option<Vec<u8>> {
        let kept = self.start(timeout)?;
        (kept.len() as u64 <= self.limit).then_some(kept)
    }

    /// The first `limit` bytes of the output. `None` if neither so many bytes nor the end arrive in
    /// time.
    pub(super) fn start(&self, timeout: Duration) -> Option<Vec<u8>> {
        self.receiver.recv_timeout(timeout).ok()
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

    /// The writer is never blocked, and the reader does not wait for it.
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
