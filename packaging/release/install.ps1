# Installs `owners` and its language server `owners-lsp` from a release on Windows: checks the SHA-256, and
# puts the binaries into a directory.
#
#     irm https://github.com/owners-cli/owners/releases/latest/download/install.ps1 | iex
#
# Variables that change what it does:
#
#     $env:OWNERS_VERSION       the version, such as 0.1.0. The default is the latest release.
#     $env:OWNERS_INSTALL_DIR   where the binaries go. The default is ~\.local\bin.
#     $env:OWNERS_DOWNLOAD_URL  a mirror of https://github.com/owners-cli/owners/releases
#
# It needs no administrator. If it fails, nothing has changed.

function Install-Owners {
    $ErrorActionPreference = 'Stop'
    # Without it, Windows PowerShell downloads slowly.
    $ProgressPreference = 'SilentlyContinue'
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

    # Windows on ARM runs it as well.
    $name = 'owners-cli-x86_64-pc-windows-msvc'
    $releases = if ($env:OWNERS_DOWNLOAD_URL) { $env:OWNERS_DOWNLOAD_URL } else { 'https://github.com/owners-cli/owners/releases' }
    $directory = if ($env:OWNERS_INSTALL_DIR) { $env:OWNERS_INSTALL_DIR } else { Join-Path $HOME '.local\bin' }
    $url = if ($env:OWNERS_VERSION) { "$releases/download/v$($env:OWNERS_VERSION -replace '^v')" } else { "$releases/latest/download" }

    if (-not [Environment]::Is64BitOperatingSystem) {
        throw 'there is no binary for 32-bit Windows: compile it with `cargo install owners-cli --locked`'
    }
    $scratch = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    New-Item -ItemType Directory $scratch | Out-Null
    try {
        $archive = Join-Path $scratch "$name.zip"
        $sums = Join-Path $scratch 'SHA256SUMS'
        Invoke-WebRequest -UseBasicParsing "$url/SHA256SUMS" -OutFile $sums
        Invoke-WebRequest -UseBasicParsing "$url/$name.zip" -OutFile $archive

        $line = Get-Content $sums | Where-Object { $_ -match "^[0-9a-f]{64} [ *]$([regex]::Escape("$name.zip"))$" }
        if (-not $line) {
            throw "SHA256SUMS does not list $name.zip: report this as a bug"
        }
        $wanted = ($line -split ' ')[0]
        $found = (Get-FileHash -Algorithm SHA256 $archive).Hash
        if ($found -ne $wanted) {
            throw "$name.zip has the wrong SHA-256: $found instead of $wanted. It may be damaged or replaced: try again, and report it if it stays so"
        }
        Expand-Archive $archive $scratch
        $binary = Join-Path $scratch "$name\owners.exe"
        $version = & $binary --version
        if ($LASTEXITCODE -ne 0) {
            throw 'the binary does not run here: compile it with `cargo install owners-cli --locked`'
        }

        # A new file beside the old one, and then a rename: at no time is there half a binary.
        New-Item -ItemType Directory -Force $directory | Out-Null
        foreach ($program in 'owners.exe', 'owners-lsp.exe') {
            $file = Join-Path $scratch "$name\$program"
            # An older release has no language server.
            if (-not (Test-Path $file)) { continue }
            $new = Join-Path $directory ".owners-$([IO.Path]::GetRandomFileName()).exe"
            try {
                Copy-Item $file $new
                Move-Item -Force $new (Join-Path $directory $program)
            } finally {
                Remove-Item $new -ErrorAction SilentlyContinue
            }
        }
        Write-Host "installed $version as $(Join-Path $directory 'owners.exe')"
        if (($env:PATH -split ';') -notcontains $directory) {
            Write-Host "$directory is not on your PATH: add it in the settings of Windows, or with ``setx PATH`` for your account"
        }
    } finally {
        Remove-Item -Recurse -Force $scratch
    }
}

Install-Owners
