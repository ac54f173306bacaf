-- Opens owners.toml in Neovim, sees a diagnostic, applies the action, hovers, and asks who owns a file. Any fault ends
-- Neovim with an exit code that is not 0.
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

local at = vim.lsp.util.make_position_params()
at.position = { line = 5, character = 8 }
local hover = ask("textDocument/hover", at)
local shown = vim.lsp.util.convert_input_to_markdown_lines(hover.contents)
check(table.concat(shown, "\n"):find("@org/core"), "the hover of a group shows its people")

local uri = vim.uri_from_fname(vim.fn.getcwd() .. "/docs/guide.md")
local owner = ask("owners/owner", { textDocument = { uri = uri } })
check(owner.owners[1] == "@alice", "the owner is that of the text that is not saved")

vim.lsp.stop_client(id)
check(vim.wait(10000, function()
  return vim.lsp.client_is_stopped(id)
end), "the server stops")
vim.cmd("quitall!")
