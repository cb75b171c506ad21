/** The socket over which commands of one user reach a process that is running. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chmodSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs"
import * as Net from "node:net"
import { join } from "node:path"
import { afterAll, beforeEach } from "vitest"
import * as Control from "../src/control.ts"
import * as Client from "../src/controlClient.ts"
import * as ControlPresence from "../src/controlPresence.ts"
import { temporary } from "./processes.ts"

const before = process.env["XDG_RUNTIME_DIR"]
let directory = ""

beforeEach(() => {
  process.env["XDG_RUNTIME_DIR"] = temporary()
  directory = join(process.env["XDG_RUNTIME_DIR"], "xmpp-e2e")
})
afterAll(() => {
  if (before === undefined) delete process.env["XDG_RUNTIME_DIR"]
  else process.env["XDG_RUNTIME_DIR"] = before
})

const serve = Effect.gen(function*() {
  let presence: Effect.Success<ControlPresence.Owner["presence"]> = { status: "avail", nick: "Mira", other: [] }
  yield* Control.serve({
    as: "mira@tansy",
    naming: "linkLocal",
    command: "chat",
    handlers: {
      presence: ControlPresence.handler({
        presence: Effect.sync(() => presence),
        setPresence: (wanted) =>
          wanted.message === "too much"
            ? Effect.fail({ message: "there is no room for it" })
            : Effect.sync(() => {
              presence = wanted
            })
      })
    }
  })
  const [socket = ""] = readdirSync(directory).map((name) => join(directory, name))
  return { socket, presence: () => presence }
})

/** What is answered to whatever is written. */
const answers = (socket: string, text: string) =>
  Effect.promise(() =>
    new Promise<ReadonlyArray<unknown>>((resolve) => {
      let heard = ""
      const connection = Net.connect(socket, () => connection.end(text))
      connection.on("data", (bytes) => heard += String(bytes))
      connection.on("error", () => {})
      connection.on("close", () =>
        resolve(heard.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))))
    })
  )

const reasons = (all: ReadonlyArray<unknown>) =>
  all.map((each) => (each as { error?: { reason: string } }).error?.reason)

describe("control", () => {
  it.live("tells who is there, and changes what is announced; what was not named stays", () =>
    Effect.gen(function*() {
      const { presence, socket } = yield* serve
      const { running } = yield* Client.find
      assert.deepStrictEqual(running.map(({ as, command }) => [as, command]), [["mira@tansy", "chat"]])
      const said = yield* Client.ask(socket, { request: "presence", with: { status: "away", message: "out" } })
      assert.deepStrictEqual<unknown>(said, { status: "away", message: "out" })
      assert.deepStrictEqual(presence(), { status: "away", nick: "Mira", message: "out", other: [] })
      assert.deepStrictEqual<unknown>(yield* Client.ask(socket, { request: "presence" }), said)
    }).pipe(Effect.scoped))

  it.live("answers what is no request with a reason, and goes on; what is too long ends it", () =>
    Effect.gen(function*() {
      const { presence, socket } = yield* serve
      const odd = ["{", "{\"request\":\"quit\"}", "{\"request\":\"presence\",\"with\":{\"status\":\"asleep\"}}"]
      const refused = "{\"request\":\"presence\",\"with\":{\"status\":\"dnd\",\"message\":\"too much\"}}"
      assert.deepStrictEqual(reasons(yield* answers(socket, `${[...odd, refused].join("\n")}\n`)), [
        ...["malformed", "unknown", "malformed", "refused"]
      ])
      assert.deepStrictEqual(reasons(yield* answers(socket, "x".repeat(100_000))), ["tooLong"])
      assert.strictEqual(presence().status, "avail")
    }).pipe(Effect.scoped))

  it.live("goes with the process; what a dead one has left is taken away", () =>
    Effect.gen(function*() {
      const { socket } = yield* Effect.scoped(serve)
      assert.isFalse(existsSync(socket))
      const left = join(directory, "0123456789abcdef.1.sock")
      writeFileSync(left, "")
      utimesSync(left, 0, 0)
      assert.deepStrictEqual((yield* Client.find).running, [])
      assert.isFalse(existsSync(left))
    }))

  it.live("is not used where others may look", () =>
    Effect.gen(function*() {
      mkdirSync(directory)
      chmodSync(directory, 0o755)
      const failed = yield* Effect.flip(Effect.scoped(serve))
      assert.strictEqual(failed.reason, "unsafe")
      assert.include(failed.message, "chmod 700")
      assert.lengthOf((yield* Client.find).unsafe, 1)
    }))
})
