//! The whole history of a commit: who changed which files.
//!
//! One `git log` lists all commits, and only their trees are read. `.mailmap` is applied by git
//! itself: to authors by `git log`, to the names in `Co-authored-by` lines by a second process, which
//! answers line by line. These lines count wherever they are in a message: one that joins the
//! messages of several commits has them in the middle, too. (`git log` finds only those at the end,
//! and its configuration can rename them.)

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use bstr::ByteSlice;
use rustc_hash::FxHashMap;

use super::error::{Error, ErrorContext, Result, bail, ensure};
use super::pipe::Listener;
use super::process::{CANNOT_RUN, Git};
use crate::reports::contributions::{Author, Change, Commit};

/// The maximum number of changed files of all commits together. A tree may contain one directory a
/// billion times.
const MAX_CHANGES: usize = 100_000_000;
/// The maximum number of changed files of one commit that are kept, and of bytes of their paths. What
/// is beyond counts, but moves are not followed.
const MAX_KEPT: usize = 1_000_000;
const MAX_KEPT_BYTES: usize = 128 << 20;
/// The maximum memory of `git log`, on Linux. Git keeps all changes of a commit before it writes the
/// first one: some 300 bytes for each. The packs that it reads do not count.
#[cfg(target_os = "linux")]
const MAX_MEMORY: u64 = 2 << 30;
/// What is kept of a name, a path or a message.
const MAX_FIELD: u64 = 1 << 20;
/// The start of a line that names a co-author. Case makes no difference.
const CO_AUTHOR: &[u8] = b"co-authored-by:";
/// The maximum number of authors of one commit.
const MAX_AUTHORS: usize = 1000;
/// The maximum number of different co-authors that are remembered.
const MAX_KNOWN: usize = 100_000;
/// The maximum number of bytes kept of what git says on its standard error.
const MAX_SAID: u64 = 1 << 16;

/// Passes a commit (or `HEAD`) and those before to `each`, the latest first, without merges.
/// All of them: `git log --since` would stop at the first commit with an old date.
pub(super) fn commits(
    git: &Git,
    commit: Option<&str>,
    each: &mut dyn FnMut(&Commit<'_>),
) -> Result<()> {
    let mut log = with_mailmap(git, commit);
    // Nothing in the user's configuration changes what follows.
    log.args(["log", "-z", "--raw", "--root"]);
    log.args(["--no-merges", "--use-mailmap", "--no-show-signature"]);
    log.args(["--no-ext-diff", "--no-relative", "--no-color", "--abbrev=4"]);
    log.args([
        "--ignore-submodules=none",
        "-O/dev/null",
        "--encoding=UTF-8",
    ]);
    // Only files whose content did not change: these are found by their hashes. Empty files are all
    // the same.
    log.args(["--find-renames=100%", "--no-rename-empty"]);
    // No field is empty, so an empty one always stands between two commits or lists.
    log.arg("--format=%x00@%at%x00N%aN%x00E%aE%x00C%b%x00");
    log.arg("--end-of-options")
        .arg(commit.unwrap_or("HEAD"))
        .arg("--");
    // Fetching the missing trees of a partial clone one by one would take very long.
    log.env("GIT_NO_LAZY_FETCH", "1");
    log.stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = log.spawn().context(CANNOT_RUN)?;
    bound_memory(&process);
    let said = process
        .stderr
        .take()
        .map(|pipe| Listener::new(pipe, MAX_SAID));
    let mut mailmap = Mailmap::start(with_mailmap(git, commit))?;
    let read = match process.stdout.take() {
        Some(out) => read_commits(out, &mut mailmap, each),
        None => Ok(()),
    };
    if read.is_err() {
        let _ = process.kill();
    }
    let status = process.wait()?;
    read?;
    if status.success() {
        return Ok(());
    }
    let said = said.and_then(|said| said.start(std::time::Duration::from_secs(1)));
    let said = said.unwrap_or_default();
    let error = Error::Git(said.trim_ascii().to_str_lossy().into_owned());
    Err(error.context(
        "cannot read the history: `git log` failed (it needs the trees of all commits, which a clone \
         with `--filter=blob:none` has, and no commit with millions of files)",
    ))
}

/// Limits the memory of a process.
#[cfg(target_os = "linux")]
fn bound_memory(process: &Child) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let limit = Some(MAX_MEMORY);
    let limit = Rlimit {
        current: limit,
        maximum: limit,
    };
    // This fails if the limit is lower already.
    let _ = prlimit(Some(Pid::from_child(process)), Resource::Data, limit);
}

#[cfg(not(target_os = "linux"))]
fn bound_memory(_: &Child) {}

/// A command in which only the `.mailmap` of the repository applies. A bare repository has it in the
/// commit.
fn with_mailmap(git: &Git, commit: Option<&str>) -> Command {
    let mut command = git.command();
    let blob = match git.work_tree {
        None => format!("{}:.mailmap", commit.unwrap_or("HEAD")),
        Some(_) => String::new(),
    };
    command.arg("-c").arg(format!("mailmap.blob={blob}"));
    command.args(["-c", "mailmap.file="]);
    command
}

/// The fields of the output, which end with NUL.
struct Fields<R> {
    out: R,
    field: Vec<u8>,
}

impl<R: BufRead> Fields<R> {
    /// Reads the next field. False at the end.
    fn advance(&mut self) -> Result<bool> {
        self.field.clear();
        let count = (&mut self.out)
            .take(MAX_FIELD)
            .read_until(0, &mut self.field)?;
        if self.field.last() == Some(&0) {
            self.field.pop();
        } else if count > 0 {
            self.out.skip_until(0)?;
        }
        Ok(count > 0)
    }

    /// Reads a field that must be there, and begins with `mark`.
    fn expect(&mut self, mark: u8) -> Result<&[u8]> {
        let is_there = self.advance()?;
        match self.field.split_first() {
            Some((&first, rest)) if is_there && first == mark => Ok(rest),
            _ => bail!("`git log` wrote something unexpected"),
        }
    }
}

/// The changes of a commit, with their paths in one buffer.
#[derive(Default)]
struct Changes {
    paths: Vec<u8>,
    /// The kind, and where the path and the path before it end.
    changes: Vec<(u8, usize, usize)>,
    /// The number of changes that are not kept.
    more: usize,
}

impl Changes {
    fn get(&self) -> Vec<Change<'_>> {
        let mut start = 0;
        let change = |&(kind, middle, end): &(u8, usize, usize)| {
            let (first, second) = (&self.paths[start..middle], &self.paths[middle..end]);
            start = end;
            match kind {
                b'A' => Change::Created(first),
                b'D' => Change::Deleted(first),
                b'R' => Change::Moved {
                    old: first,
                    new: second,
                },
                _ => Change::Changed(first),
            }
        };
        self.changes.iter().map(change).collect()
    }
}

fn read_commits(
    out: ChildStdout,
    mailmap: &mut Mailmap,
    each: &mut dyn FnMut(&Commit<'_>),
) -> Result<()> {
    let out = BufReader::with_capacity(1 << 16, out);
    let mut fields = Fields {
        out,
        field: Vec::new(),
    };
    let mut changes = Changes::default();
    let mut commit: Option<(i64, Vec<Author<'static>>)> = None;
    let mut left = MAX_CHANGES;
    let mut finish = |commit: &mut Option<(i64, Vec<Author<'static>>)>, changes: &mut Changes| {
        if let Some((time, authors)) = commit.take() {
            each(&Commit {
                time,
                authors,
                changes: changes.get(),
                more: changes.more,
            });
        }
        changes.paths.clear();
        changes.changes.clear();
        changes.more = 0;
    };
    while fields.advance()? {
        let field = fields.field.as_slice();
        // The first record of a list follows the newline behind the format.
        match field.strip_prefix(b"\n").unwrap_or(field) {
            [] => {}
            [b'@', time @ ..] => {
                let time = time
                    .to_str()
                    .ok()
                    .and_then(|time| time.parse().ok())
                    .unwrap_or(0);
                finish(&mut commit, &mut changes);
                commit = Some((time, read_authors(&mut fields, mailmap)?));
            }
            [b':', record @ ..] => {
                let mut words = record.rsplit(|&byte| byte == b' ');
                let kind = words
                    .next()
                    .and_then(|word| word.first())
                    .copied()
                    .unwrap_or(b'M');
                ensure!(
                    left > 0,
                    "the history has more than {MAX_CHANGES} changes of files"
                );
                left -= 1;
                read_change(&mut fields, kind, &mut changes)?;
            }
            _ => bail!("`git log` wrote something unexpected"),
        }
    }
    finish(&mut commit, &mut changes);
    Ok(())
}

fn read_change(fields: &mut Fields<impl BufRead>, kind: u8, changes: &mut Changes) -> Result<()> {
    let is_kept = changes.changes.len() < MAX_KEPT && changes.paths.len() < MAX_KEPT_BYTES;
    fields.advance()?;
    if is_kept {
        changes.paths.extend_from_slice(&fields.field);
    }
    let middle = changes.paths.len();
    if kind == b'R' {
        fields.advance()?;
        if is_kept {
            changes.paths.extend_from_slice(&fields.field);
        }
    }
    match is_kept {
        true => changes.changes.push((kind, middle, changes.paths.len())),
        false => changes.more += 1,
    }
    Ok(())
}

/// Reads the author and the co-authors.
fn read_authors(
    fields: &mut Fields<impl BufRead>,
    mailmap: &mut Mailmap,
) -> Result<Vec<Author<'static>>> {
    let name = text(fields.expect(b'N')?);
    let address = text(fields.expect(b'E')?);
    let mut authors = vec![Author { name, address }];
    for line in ByteSlice::lines(fields.expect(b'C')?) {
        let Some((start, name)) = line.split_at_checked(CO_AUTHOR.len()) else {
            continue;
        };
        if start.eq_ignore_ascii_case(CO_AUTHOR)
            && authors.len() < MAX_AUTHORS
            && let Some(author) = mailmap.author(name)?
        {
            authors.push(author);
        }
    }
    Ok(authors)
}

fn text(bytes: &[u8]) -> Cow<'static, str> {
    bytes.trim_ascii().to_str_lossy().into_owned().into()
}

/// `git check-mailmap`, which answers one line after the other, and its answers.
struct Mailmap {
    process: Child,
    questions: Option<ChildStdin>,
    answers: Option<BufReader<ChildStdout>>,
    known: FxHashMap<Vec<u8>, Option<Author<'static>>>,
}

impl Mailmap {
    fn start(mut command: Command) -> Result<Self> {
        command
            .args(["check-mailmap", "--stdin"])
            .env("GIT_FLUSH", "1");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().context(CANNOT_RUN)?;
        Ok(Mailmap {
            questions: process.stdin.take(),
            answers: process.stdout.take().map(BufReader::new),
            process,
            known: FxHashMap::default(),
        })
    }

    /// The author that a line names. `None` if it has no address.
    fn author(&mut self, line: &[u8]) -> Result<Option<Author<'static>>> {
        if let Some(known) = self.known.get(line) {
            return Ok(known.clone());
        }
        let author = match contact(line) {
            Some((name, address)) => Some(self.ask(name, address)?),
            None => None,
        };
        if self.known.len() < MAX_KNOWN {
            self.known.insert(line.to_vec(), author.clone());
        }
        Ok(author)
    }

    fn ask(&mut self, name: &[u8], address: &[u8]) -> Result<Author<'static>> {
        let question = [name, b" <", address, b">\n"].concat();
        let question = question.trim_ascii_start();
        let mut answer = Vec::new();
        if let (Some(questions), Some(answers)) = (&mut self.questions, &mut self.answers) {
            let asked = questions
                .write_all(question)
                .and_then(|()| questions.flush());
            asked.context("`git check-mailmap` stopped")?;
            answers.take(2 * MAX_FIELD).read_until(b'\n', &mut answer)?;
        }
        let Some((name, address)) = contact(&answer) else {
            bail!("`git check-mailmap` stopped");
        };
        let (name, address) = (text(name), text(address));
        Ok(Author { name, address })
    }
}

impl Drop for Mailmap {
    fn drop(&mut self) {
        // It ends with its input.
        self.questions = None;
        let _ = self.process.wait();
    }
}

/// The name and the address of `NAME <ADDRESS>`. Only what git reads in the same way, because it
/// stops at anything else.
fn contact(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, rest) = line.split_once_str(b"<")?;
    let (address, _) = rest.split_once_str(b">")?;
    let (name, address) = (name.trim_ascii(), address.trim_ascii());
    let is_plain = |byte: &u8| !matches!(byte, b'<' | b'>') && !byte.is_ascii_control();
    let is_plain = name.iter().all(is_plain) && address.iter().all(is_plain);
    let has_blank = address.iter().any(u8::is_ascii_whitespace);
    (is_plain && !address.is_empty() && !has_blank).then_some((name, address))
}
