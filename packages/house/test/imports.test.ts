/** The table of imports catches what it forbids and lets through what it allows; manifests are held to the sources. */
import { describe, expect, it } from "vitest"
import { importsAllowed, type Manifest, manifestHonest } from "../src/imports.ts"
import { source } from "../src/syntax.ts"

const problems = (path: string, text: string) =>
  importsAllowed(source(`packages/${path}`, text)).map((one) => one.problem)

describe("importsAllowed", () => {
  it.each([
    [
      "protocol/src/Step.ts",
      `import * as Reader from "@xmpp-e2e/xml/reader"`,
      "protocol may not import * of @xmpp-e2e/xml/reader"
    ],
    [
      "protocol/src/Step.ts",
      `import type { Reader } from "@xmpp-e2e/xml/Reader"`,
      "protocol may not import types of @xmpp-e2e/xml/Reader"
    ],
    ["protocol/src/Step.ts", `import * as Option from "effect/Option"`, "protocol may not import * of effect/Option"],
    ["protocol/src/Step.ts", `import { readFile } from "node:fs"`, "protocol may not import readFile of node:fs"],
    ["xml/src/Serialize.ts", `import { SaxesParser } from "saxes"`, "xml may not import SaxesParser of saxes"],
    ["testkit/src/Run.ts", `import fc from "fast-check"`, "testkit may not import fc of fast-check"],
    [
      "recording/src/Schema.ts",
      `import * as Effect from "effect/Effect"`,
      "recording may not import * of effect/Effect"
    ],
    [
      "transport/src/Memory.ts",
      `import { Address } from "@xmpp-e2e/protocol"`,
      "transport may not import Address of @xmpp-e2e/protocol"
    ],
    [
      "certificates/src/Match.ts",
      `import { Step } from "@xmpp-e2e/protocol"`,
      "certificates may not import Step of @xmpp-e2e/protocol"
    ],
    [
      "certificates/src/Match.ts",
      `import * as Step from "@xmpp-e2e/protocol/Step"`,
      "certificates may not import * of @xmpp-e2e/protocol/Step"
    ],
    [
      "certificates/src/Match.ts",
      `import * as All from "@xmpp-e2e/protocol"`,
      "certificates may not import * of @xmpp-e2e/protocol"
    ],
    ["stream/src/Driver.ts", `const fs = await import("node:fs")`, "stream may not import * of node:fs"],
    ["node/src/Some.ts", `export * from "@xmpp-e2e/stream"`, "node may not import * of @xmpp-e2e/stream"],
    ["stream/src/Driver.ts", `import { Effect } from "effect"`, "effect is a barrel"],
    ["stream/test/Driver.test.ts", `import { Socket } from "effect/socket"`, "effect/socket is a barrel"],
    ["cli/src/main.ts", `import * as Node from "@effect/platform-node"`, "@effect/platform-node is a barrel"],
    ["cli/src/main.ts", `import a from "../../xml/src/Reader.ts"`, "../../xml/src/Reader.ts leaves packages/cli/src"],
    ["cli/test/main.test.ts", `import a from "../../xml/src/Reader.ts"`, "../../xml/src/Reader.ts leaves packages/cli"],
    ["cli/test/main.test.ts", `import a from "../../xml/test/help.ts"`, "../../xml/test/help.ts leaves packages/cli"],
    [
      "node/src/NodeTls.ts",
      `import a from "../../transport/test/contract.ts"`,
      "../../transport/test/contract.ts leaves packages/node/src"
    ],
    ["xml/src/Reader.ts", `import a from "../test/help.ts"`, "../test/help.ts leaves packages/xml/src"],
    ["xml/src/Reader.ts", `import a from "./index.ts"`, "./index.ts is a barrel"],
    ["other/src/Some.ts", `import "saxes"`, "the package other has no row in the table"]
  ])("%s: %s", (path, text, problem) => {
    expect(problems(path, text)).toEqual([problem])
  })

  it.each([
    ["xml/src/internal/document.ts", `import { SaxesParser } from "saxes"`],
    ["protocol/src/Step.ts", `import { Element } from "@xmpp-e2e/xml"\nimport * as Name from "@xmpp-e2e/xml/Name"`],
    ["protocol/src/internal/closing.ts", `import * as Reason from "../Reason.ts"`],
    ["protocol/test/Step.test.ts", `import { readFile } from "node:fs"\nimport fc from "fast-check"`],
    ["testkit/src/skin/fast-check.ts", `import fc from "fast-check"`],
    ["testkit/src/simulator/Endpoint.ts", `import * as Reader from "@xmpp-e2e/xml/reader"`],
    ["recording/src/Schema.ts", `import * as Schema from "effect/Schema"`],
    ["transport/src/Tls.ts", `import type { Event } from "@xmpp-e2e/protocol"`],
    ["certificates/src/Match.ts", `import { Address, type Verdict } from "@xmpp-e2e/protocol"`],
    ["certificates/src/Match.ts", `import * as Idna from "@xmpp-e2e/protocol/Idna"`],
    ["node/src/NodeTls.ts", `import * as tls from "node:tls"`],
    ["node/test/NodeTls.test.ts", `import { tls } from "../../transport/test/contract/tls.ts"`],
    ["cli/src/main.ts", `import * as NodeRuntime from "@effect/platform-node/NodeRuntime"`]
  ])("lets through %s: %s", (path, text) => {
    expect(problems(path, text)).toEqual([])
  })
})

describe("manifestHonest", () => {
  const manifest: Manifest = { path: "package.json", dependencies: { a: "1" }, devDependencies: { vitest: "1" } }
  const files = [
    source("packages/xml/src/Some.ts", `import "a/deep"`),
    source("packages/xml/test/Some.test.ts", `import "vitest"\nimport "a"\nimport "@xmpp-e2e/xml"`)
  ]
  const said = (changed: Partial<Manifest>) =>
    manifestHonest({ ...manifest, ...changed }, files).map((one) => one.problem)

  it("is content when the two agree", () => expect(said({})).toEqual([]))

  it("catches what is missing, idle, or in the wrong place", () => {
    expect(said({ dependencies: {} })).toEqual([
      "a is imported and not in dependencies",
      "a is imported by tests and not declared"
    ])
    expect(said({ dependencies: { a: "1", b: "1" } })).toEqual(["b is in dependencies and not imported"])
    expect(said({ devDependencies: {} })).toEqual(["vitest is imported by tests and not declared"])
    expect(said({ devDependencies: { vitest: "1", c: "1" } })).toEqual([
      "c is in devDependencies and no test imports it"
    ])
    expect(said({ devDependencies: { vitest: "1", a: "1" } })).toEqual(["a is declared twice"])
  })
})
