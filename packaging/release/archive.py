#!/usr/bin/env python3
"""Packs the binaries of a release: with manual, completions, README, changelog and licenses.

    packaging/release/archive.py TARGET BINARY DIRECTORY

writes `owners-cli-TARGET.tar.gz` (`.zip` for Windows) to the directory. BINARY is `owners`; `owners-lsp` is
beside it. Both must run on this machine, because they write their manual and completions themselves. The same input gives the same bytes:
the time is that of the last commit, or SOURCE_DATE_EPOCH.
"""

import gzip
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]
TEXTS = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]
# The licenses of what is linked into the binaries.
NOTICES = "LICENSE-THIRD-PARTY"
# The file of each shell, as the shell looks for it.
COMPLETIONS = {
    "bash": "{}.bash",
    "elvish": "{}.elv",
    "fish": "{}.fish",
    "powershell": "_{}.ps1",
    "zsh": "_{}",
}


def beside(binary):
    """The language server."""
    return binary.with_name(binary.name.replace("owners", "owners-lsp"))


def stage(binary, directory):
    """Lays out the files of the archive."""
    for each in [binary, beside(binary)]:
        program = directory / each.name
        shutil.copyfile(each, program)
        program.chmod(0o755)

    def run(program, *arguments):
        # Completions run `owners` as it was run for them: by its name, not by a path of this machine.
        executable = directory / binary.name.replace("owners", program)
        command = {"args": [program, *arguments], "executable": str(executable), "cwd": str(directory)}
        return subprocess.run(stdout=subprocess.PIPE, check=True, **command).stdout

    run("owners", "--quiet", "man", "--dir", "man")
    (directory / "man" / "owners-lsp.1").write_bytes(run("owners-lsp", "--man"))
    (directory / "completions").mkdir()
    for shell, name in COMPLETIONS.items():
        for program, text in [
            ("owners", run("owners", "completions", shell)),
            ("owners-lsp", run("owners-lsp", "--completions", shell)),
        ]:
            (directory / "completions" / name.format(program)).write_bytes(text)
    for name in TEXTS:
        shutil.copyfile(PROJECT / name, directory / name)
    with (directory / NOTICES).open("wb") as notices:
        subprocess.run([sys.executable, PROJECT / "packaging/release/notices.py"], stdout=notices, check=True)


def commit_time():
    """The time of the files."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    command = ["git", "-C", str(PROJECT), "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def mode(file):
    return 0o755 if file.stem in ("owners", "owners-lsp") and file.suffix in ("", ".exe") else 0o644


def tar_gz(root, files, seconds):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as compressed:
        with tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for file in files:
                entry = tarfile.TarInfo(file.relative_to(root).as_posix())
                entry.size, entry.mtime, entry.mode = file.stat().st_size, seconds, mode(file)
                with file.open("rb") as text:
                    archive.addfile(entry, text)
    return packed.getvalue()


def zip_file(root, files, seconds):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(root).as_posix(), time.gmtime(seconds)[:6])
            entry.external_attr, entry.compress_type = mode(file) << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return packed.getvalue()


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: archive.py TARGET BINARY DIRECTORY")
    target, binary, output = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    is_windows = "windows" in target
    if binary.name != ("owners.exe" if is_windows else "owners"):
        sys.exit(f"archive.py: `{binary.name}` is not the name of the binary for {target}")
    for each in [binary, beside(binary)]:
        if not each.is_file():
            sys.exit(f"archive.py: there is no `{each}`: build it first")
    name = f"owners-cli-{target}"
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch).resolve()
        (root / name).mkdir()
        stage(binary, root / name)
        files = sorted(file for file in root.rglob("*") if file.is_file())
        pack, suffix = (zip_file, "zip") if is_windows else (tar_gz, "tar.gz")
        packed = pack(root, files, commit_time())
    output.mkdir(parents=True, exist_ok=True)
    archive = output / f"{name}.{suffix}"
    archive.write_bytes(packed)
    print(archive)


main()
