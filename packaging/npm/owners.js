#!/usr/bin/env node
// The command `owners`.
"use strict";

require("./run.js")("owners");
