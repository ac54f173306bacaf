// Starts the language server, and shows who owns a file. Everything else is in the server.
"use strict";

const vscode = require("vscode");
const { LanguageClient, State } = require("vscode-languageclient/node");

const CONFIGURATIONS = [
  { scheme: "file", pattern: "**/owners.toml" },
  { scheme: "file", pattern: "**/CODEOWNERS" },
];
const PAGE = "https://owners-cli.github.io/owners/editors.html";

let client;
let statusBar;

const setting = (name) => vscode.workspace.getConfiguration("owners").get(name);

function makeClient() {
  const server = { command: setting("path"), args: ["--log", setting("log")] };
  // Other files are none of the server's business, unless it shows something above them.
  const documentSelector = setting("codeLens.enable") ? [{ scheme: "file" }] : CONFIGURATIONS;
  return new LanguageClient("owners", "Owners", server, {
    documentSelector,
    initializationOptions: vscode.workspace.getConfiguration("owners"),
    synchronize: { configurationSection: "owners" },
  });
}

async function start() {
  client = makeClient();
  try {
    await client.start();
  } catch (error) {
    const help = "How to install it";
    const message = `Cannot start the server \`${setting("path")}\`: ${error.message ?? error}`;
    if ((await vscode.window.showErrorMessage(message, help)) === help) {
      await vscode.env.openExternal(vscode.Uri.parse(PAGE));
    }
  }
  await showInStatusBar();
}

async function stop() {
  if (client?.state === State.Running) await client.stop();
  client = undefined;
}

async function restart() {
  await stop();
  await start();
}

// What the server says about the file in the editor. `undefined` if it says nothing.
async function ownerOf(editor) {
  const document = editor?.document;
  if (document?.uri.scheme !== "file" || client?.state !== State.Running) return undefined;
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  return (await client.sendRequest("owners/owner", { textDocument: { uri } })) ?? undefined;
}

const inWords = ({ state, owners }) => (state === "owned" ? owners.join(" ") : state);

async function showOwner() {
  const editor = vscode.window.activeTextEditor;
  const owner = await ownerOf(editor);
  if (owner === undefined) {
    await vscode.window.showInformationMessage("Nothing says who owns this file.");
    return;
  }
  const rule = owner.rules.at(-1);
  const go = "Go to the rule";
  const message = `${owner.path}: ${inWords(owner)}`;
  const chosen = await vscode.window.showInformationMessage(message, ...(rule ? [go] : []));
  if (chosen === go) {
    const { uri, range } = client.protocol2CodeConverter.asLocation(rule.location);
    await vscode.window.showTextDocument(uri, { selection: range });
  }
}

async function showInStatusBar() {
  if (!setting("statusBar.enable")) {
    statusBar.hide();
    return;
  }
  const editor = vscode.window.activeTextEditor;
  const owner = await ownerOf(editor).catch(() => undefined);
  // Another file may have been opened in the meantime.
  if (editor !== vscode.window.activeTextEditor) return;
  if (owner === undefined) {
    statusBar.hide();
    return;
  }
  statusBar.text = `$(organization) ${inWords(owner)}`;
  statusBar.tooltip = owner.rules.map((rule) => rule.pattern).join("\n");
  statusBar.show();
}

async function activate(context) {
  statusBar = vscode.window.createStatusBarItem("owners.owner", vscode.StatusBarAlignment.Right);
  statusBar.name = "Owners";
  statusBar.command = "owners.showOwner";
  context.subscriptions.push(
    statusBar,
    vscode.commands.registerCommand("owners.showOwner", showOwner),
    vscode.commands.registerCommand("owners.restart", restart),
    vscode.window.onDidChangeActiveTextEditor(showInStatusBar),
    vscode.workspace.onDidSaveTextDocument(showInStatusBar),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      const needsStart = ["path", "log", "codeLens"].some((name) => event.affectsConfiguration(`owners.${name}`));
      await (needsStart ? restart() : showInStatusBar());
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
