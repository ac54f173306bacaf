//! A program and all that it starts, which end together: when its time is up, and when `owners` is
//! interrupted. A script that waits for another program would otherwise leave that behind.
//!
//! On Unix, they are a process group of their own. So Ctrl-C does not reach them by itself. On Windows,
//! it does, and only the program itself is ended when its time is up.

use std::io;
use std::process::{Child, Command};

#[cfg(unix)]
pub(super) use unix::Group;

#[cfg(not(unix))]
pub(super) struct Group;

#[cfg(not(unix))]
impl Group {
    /// Starts a program.
    pub(super) fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        Ok((command.spawn()?, Group))
    }

    pub(super) fn end(&self) {}
}

#[cfg(unix)]
mod unix {
    use std::os::unix::process::CommandExt as _;
    use std::sync::{Mutex, MutexGuard, Once, PoisonError};
    use std::thread;

    use rustix::process::{Pid, Signal, kill_process_group};
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    use super::{Child, Command, io};

    /// The groups that have not been ended.
    static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

    fn running() -> MutexGuard<'static, Vec<Pid>> {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A process group, by the process that it was started with.
    pub(in super::super) struct Group(Pid);

    impl Group {
        /// Starts a program in a group of its own.
        pub(in super::super) fn start(command: &mut Command) -> io::Result<(Child, Self)> {
            static ONCE: Once = Once::new();
            ONCE.call_once(end_all_when_interrupted);
            // An interruption in between waits until the group is known.
            let mut running = running();
            let child = command.process_group(0).spawn()?;
            let group = Pid::from_child(&child);
            running.push(group);
            Ok((child, Group(group)))
        }

        /// Ends all that is left of it.
        pub(in super::super) fn end(&self) {
            running().retain(|&group| group != self.0);
            let _ = kill_process_group(self.0, Signal::KILL);
        }
    }

    /// Ends the groups before SIGINT or SIGTERM ends this process.
    fn end_all_when_interrupted() {
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        thread::spawn(move || {
            for signal in signals.forever() {
                let running = running();
                for &group in &*running {
                    let _ = kill_process_group(group, Signal::KILL);
                }
                let _ = emulate_default_handler(signal);
            }
        });
    }
}
