#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old says so instead of tripping over the syntax.
import * as module from "node:module"
import { homedir } from "node:os"
import { join } from "node:path"

const [major, minor] = process.versions.node.split(".").map(Number)
if (major > 22 || (major === 22 && minor >= 19)) {
  // Compiled code is kept between runs: the next start is quicker and needs no compiler in memory. It is kept at home,
  // because whoever can write it can run code as us.
  module.enableCompileCache?.(join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "xmpp-e2e"))
  await import("../src/main.ts")
} else {
  console.error(`xmpp-e2e needs Node 22.19 or newer; this is ${process.versions.node}.`)
  process.exitCode = 2
}
