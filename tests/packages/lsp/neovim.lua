-- Opens owners.toml in Neovim, sees a diagnostic, applies the action, asks who owns a file, and for a hover, a
-- rename and a completion. Any fault ends Neovim with an exit code that is not 0.
local function check(condition, what)
  if not condition then
    io.stderr:write("neovim: " .. what .. "\n")
    vim.cmd("cquit 1")
  end
  io.stdout:write("ok - Neovim: " .. what .. "\n")
end

vim.cmd("edit owners.toml")
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({
  name = "owners",
  cmd = { vim.env.OWNERS_LSP },
  root_dir = vim.fn.getcwd(),
})
check(id and vim.lsp.buf_attach_client(buffer, id), "the server starts")

local function finding()
  for _, each in ipairs(vim.diagnostic.get(buffer)) do
    if each.code == "misspelled-pattern" then
      return each
    end
  end
end
check(vim.wait(20000, finding), "the diagnostic is there")
local found = finding()
check(found.lnum == 6 and found.source == "owners", "and where it belongs")

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 20000)
  local answer = answers and answers[id]
  check(answer and not answer.err, method .. " is answered")
  return answer.result
end

vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
local params = vim.lsp.util.make_range_params()
params.context = { diagnostics = {}, only = { "quickfix" } }
local action = ask("textDocument/codeAction", params)[1]
check(action.title:find("Replace"), "the action is offered: " .. action.title)
if not action.edit then
  action = ask("codeAction/resolve", action)
end
vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
local line = vim.api.nvim_buf_get_lines(buffer, 6, 7, true)[1]
check(line == '"/docs/guide.md" = "@alice"', "the action corrects the line: " .. line)
check(vim.wait(20000, function()
  return not finding()
end), "the diagnostic is gone")

vim.api.nvim_win_set_cursor(0, { found.lnum + 1, 3 })
local hover = ask("textDocument/hover", vim.lsp.util.make_position_params()).contents.value
check(hover:find("`/docs/guide.md`: owned by `@alice`", 1, true), "a hover says who owns it: " .. hover:match("[^\n]*"))
check(hover:find("Decides 1 tracked file.", 1, true), "and how many files it decides")

local uri = vim.uri_from_fname(vim.fn.getcwd() .. "/docs/guide.md")
local owner = ask("owners/owner", { textDocument = { uri = uri } })
check(owner.owners[1] == "@alice", "the owner is that of the text that is not saved")

params = vim.lsp.util.make_position_params()
params.position.character = #line - 2
params.newName = "@bob"
vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", params), "utf-16")
line = vim.api.nvim_buf_get_lines(buffer, 6, 7, true)[1]
check(line == '"/docs/guide.md" = "@bob"', "an owner is renamed: " .. line)

vim.api.nvim_buf_set_lines(buffer, 7, 7, true, { '"/docs/' })
params.position = { line = 7, character = 7 }
local items = ask("textDocument/completion", params).items
check(items[1].label == "guide.md", "a path is completed: " .. items[1].textEdit.newText)

vim.lsp.stop_client(id)
check(vim.wait(10000, function()
  return vim.lsp.client_is_stopped(id)
end), "the server stops")
vim.cmd("quitall!")
