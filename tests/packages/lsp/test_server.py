"""owners-lsp with a client of its own kind: what pytest-lsp knows of editors, in a real repository."""

import os
import pathlib
import subprocess

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

CONFIG = """[groups]
core = ["@org/core"]
old = ["@bob"]

[paths]
"*" = "core"
"/docs/giude.md" = "@alice"
"""


@pytest.fixture()
def repository(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/guide.md").touch()
    (tmp_path / "owners.toml").write_text(CONFIG)
    subprocess.run(["git", "-C", tmp_path, "add", "-A"], check=True)
    return tmp_path


@pytest_lsp.fixture(
    params=["visual-studio-code", "neovim", "emacs"],
    config=ClientServerConfig(server_command=[os.environ["OWNERS_LSP"]]),
)
async def client(request, lsp_client: LanguageClient, repository: pathlib.Path):
    # What is to be watched. pytest-lsp checks that it is of the right form, and does nothing with it.
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    folder = types.WorkspaceFolder(uri=repository.as_uri(), name="repository")
    params = types.InitializeParams(
        capabilities=client_capabilities(request.param),
        workspace_folders=[folder],
        root_uri=repository.as_uri(),
    )
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


def opened(client, repository, text=CONFIG, version=1):
    uri = (repository / "owners.toml").as_uri()
    item = types.TextDocumentItem(uri=uri, language_id="toml", version=version, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    return uri


async def found(client, uri):
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return {each.code or each.message.split("\n")[0]: each for each in client.diagnostics.get(uri, [])}


@pytest.mark.asyncio
async def test_findings_change_with_the_text(client, repository):
    uri = opened(client, repository)
    assert {"misspelled-pattern", "unused-group", "stale-output"} <= set(await found(client, uri))
    change = types.TextDocumentContentChangePartial(
        range=types.Range(start=types.Position(5, 6), end=types.Position(5, 12)), text='"cor"'
    )
    document = types.VersionedTextDocumentIdentifier(uri=uri, version=2)
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
    found_now = await found(client, uri)
    assert list(found_now) == ["unknown group `cor`: not defined in `[groups]`"], found_now


@pytest.mark.asyncio
async def test_the_fix_of_a_finding(client, repository):
    uri = opened(client, repository)
    finding = (await found(client, uri))["misspelled-pattern"]
    context = types.CodeActionContext(diagnostics=[finding], only=[types.CodeActionKind.QuickFix])
    document = types.TextDocumentIdentifier(uri=uri)
    params = types.CodeActionParams(text_document=document, range=finding.range, context=context)
    actions = await client.text_document_code_action_async(params)
    action = next(each for each in actions if each.title.startswith("Replace"))
    if action.edit is None:
        action = await client.code_action_resolve_async(action)
    edits = action.edit.document_changes[0].edits if action.edit.document_changes else action.edit.changes[uri]
    assert ["guide" in edit.new_text for edit in edits] == [True]


@pytest.mark.asyncio
async def test_what_an_editor_asks_about_a_place(client, repository):
    uri = opened(client, repository)
    await found(client, uri)
    document, group = types.TextDocumentIdentifier(uri=uri), types.Position(5, 8)
    hover = await client.text_document_hover_async(types.HoverParams(document, group))
    text = hover.contents if isinstance(hover.contents, str) else hover.contents.value
    assert "@org/core" in text
    place = await client.text_document_definition_async(types.DefinitionParams(document, group))
    place = place[0] if isinstance(place, (list, tuple)) else place
    assert (place.uri, place.range.start.line) == (uri, 1)
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert "core" in [each.name for symbol in symbols for each in [symbol, *(getattr(symbol, "children", None) or [])]]
    completion = await client.text_document_completion_async(types.CompletionParams(document, group))
    items = completion if isinstance(completion, (list, tuple)) else completion.items
    assert "core" in [item.label for item in items]


@pytest.mark.asyncio
async def test_who_owns_a_file(client, repository):
    file = {"textDocument": {"uri": (repository / "docs/guide.md").as_uri()}}
    owner = await client.protocol.send_request_async("owners/owner", file)
    assert (owner.path, owner.state, owner.owners) == ("docs/guide.md", "owned", ["@org/core"])
