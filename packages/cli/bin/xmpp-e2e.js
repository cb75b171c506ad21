#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old says so instead of tripping over the syntax.
const [major, minor] = process.versions.node.split(".").map(Number)
if (major > 22 || (major === 22 && minor >= 19)) await import("../src/main.ts")
else {
  console.error(`xmpp-e2e needs Node 22.19 or newer; this is ${process.versions.node}.`)
  process.exitCode = 2
}
