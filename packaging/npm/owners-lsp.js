#!/usr/bin/env node
// The command `owners-lsp`.
"use strict";

require("./run.js")("owners-lsp");
