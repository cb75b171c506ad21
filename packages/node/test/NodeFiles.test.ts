import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeFiles from "../src/NodeFiles.ts"
import { modeOf, temporary, textOf } from "./directories.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

/** Receives a file, and says where it is. */
const received = (directory: string, name: string, ...parts: ReadonlyArray<string>) =>
  Effect.scoped(Effect.gen(function*() {
    const { append, keep } = yield* NodeFiles.into(directory)
    for (const part of parts) yield* append(bytes(part))
    return Path.relative(directory, yield* keep(name))
  }))

const reasonOf = <A, R>(work: Effect.Effect<A, NodeFiles.NodeFilesError, R>) =>
  Effect.map(Effect.flip(work), ({ reason }) => reason)

describe("a file of ours", () => {
  it.effect("has its name and size, and is read as often as is wanted", () =>
    Effect.gen(function*() {
      const path = Path.join(yield* temporary, "letter.txt")
      const content = "Guten Tag. ".repeat(20_000)
      Fs.writeFileSync(path, content)
      const own = yield* NodeFiles.own(path)
      assert.deepStrictEqual([own.name, own.size], ["letter.txt", content.length])
      for (let time = 0; time < 2; time++) {
        const parts = yield* Stream.runCollect(own.bytes)
        assert.strictEqual(Buffer.concat([...parts]).toString(), content)
        assert.isTrue([...parts].every(({ length }) => length <= 65_536))
      }
    }))

  it.effect("may be empty, and may be called by a link", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      Fs.writeFileSync(Path.join(directory, "empty"), "")
      Fs.symlinkSync("empty", Path.join(directory, "link"))
      const own = yield* NodeFiles.own(Path.join(directory, "link"))
      assert.deepStrictEqual([own.name, own.size, yield* Stream.runCollect(own.bytes)], ["link", 0, []])
    }))

  it.effect("is none where there is nothing, or a directory, or a pipe that nobody writes to", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      execFileSync("mkfifo", [Path.join(directory, "pipe")])
      for (const name of ["nothing", ".", "pipe"]) {
        const failure = yield* Effect.flip(NodeFiles.own(Path.join(directory, name)))
        assert.strictEqual(failure.reason, "unreadable")
        assert.match(failure.message, /: it is not there$|: it is a directory$|: it is not a file$/)
      }
    }))

  it.effect("that has gone meanwhile says so when it is read", () =>
    Effect.gen(function*() {
      const path = Path.join(yield* temporary, "letter.txt")
      Fs.writeFileSync(path, "Guten Tag.")
      const own = yield* NodeFiles.own(path)
      Fs.unlinkSync(path)
      assert.strictEqual(yield* reasonOf(Stream.runDrain(own.bytes)), "unreadable")
    }))
})

describe("a directory for files of others", () => {
  it.effect("keeps one under its name, readable by its owner only, and nothing else", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      assert.strictEqual(yield* received(directory, "letter.txt", "Guten ", "Tag."), "letter.txt")
      assert.deepStrictEqual(Fs.readdirSync(directory), ["letter.txt"])
      const path = Path.join(directory, "letter.txt")
      assert.deepStrictEqual([textOf(path), modeOf(path)], ["Guten Tag.", "600"])
    }))

  const named: ReadonlyArray<readonly [offered: string, kept: string]> = [
    ["../letter.txt", "letter.txt"],
    ["../../../../../../etc/passwd", "passwd"],
    ["/etc/passwd", "passwd"],
    ["..\\..\\letter.txt", "letter.txt"],
    ["C:\\letter.txt", "letter.txt"],
    ["..", "file"],
    ["", "file"],
    [".bashrc", "bashrc"],
    ["-rf", "rf"],
    ["nul\u0000.txt", "_nul.txt"],
    ["a\u202Etxt.exe", "atxt.exe"],
    ["inner/../../letter.txt", "letter.txt"]
  ]
  it.effect.each(named)("is not left by way of %j", ([name, expected]) =>
    Effect.gen(function*() {
      const above = yield* temporary
      const directory = Path.join(above, "files")
      Fs.mkdirSync(Path.join(directory, "inner"), { recursive: true })
      assert.strictEqual(yield* received(directory, name, "x"), expected)
      assert.deepStrictEqual(Fs.readdirSync(above), ["files"])
      assert.sameMembers(Fs.readdirSync(directory), ["inner", expected])
      assert.isEmpty(Fs.readdirSync(Path.join(directory, "inner")))
    }))

  it.effect("overwrites nothing: a name that is taken gets a number, in whatever case", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      Fs.writeFileSync(Path.join(directory, "Letter.txt"), "the first")
      const names = [yield* received(directory, "letter.txt", "two"), yield* received(directory, "letter.txt", "three")]
      assert.deepStrictEqual(names, ["letter (2).txt", "letter (3).txt"])
      assert.strictEqual(textOf(Path.join(directory, "Letter.txt")), "the first")
    }))

  it.effect("gives twenty files of one name, which come at once, twenty names", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const names = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, at) => String(at)),
        (text) => Effect.map(received(directory, "letter.txt", text), (name) => [name, text] as const),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(new Set(names.map(([name]) => name)).size, 20)
      for (const [name, text] of names) assert.strictEqual(textOf(Path.join(directory, name)), text)
      assert.lengthOf(Fs.readdirSync(directory), 20)
    }))

  it.effect("follows no link, whether it leads to something or nowhere", () =>
    Effect.gen(function*() {
      const above = yield* temporary
      const directory = Path.join(above, "files")
      Fs.mkdirSync(directory)
      Fs.writeFileSync(Path.join(above, "secret"), "the secret")
      Fs.symlinkSync("../secret", Path.join(directory, "one"))
      Fs.symlinkSync("../nowhere", Path.join(directory, "two"))
      assert.deepStrictEqual([yield* received(directory, "one", "x"), yield* received(directory, "two", "x")], [
        "one (2)",
        "two (2)"
      ])
      assert.deepStrictEqual(Fs.readdirSync(above), ["files", "secret"])
      assert.strictEqual(textOf(Path.join(above, "secret")), "the secret")
    }))

  it.effect("has nothing in it when the file is not kept, or whoever receives is interrupted", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      yield* Effect.scoped(Effect.flatMap(NodeFiles.into(directory), ({ append }) => append(bytes("a part"))))
      assert.isEmpty(Fs.readdirSync(directory))
      const begun = yield* Deferred.make<void>()
      const receiving = yield* Effect.forkChild(Effect.scoped(
        Effect.gen(function*() {
          const { append } = yield* NodeFiles.into(directory)
          yield* append(bytes("a part"))
          yield* Deferred.succeed(begun, undefined)
          return yield* Effect.never
        })
      ))
      yield* Deferred.await(begun)
      const [name = "", ...others] = Fs.readdirSync(directory)
      assert.isEmpty(others)
      assert.match(name, /^\.xmpp-e2e-receiving\./)
      assert.strictEqual(modeOf(Path.join(directory, name)), "600")
      yield* Fiber.interrupt(receiving)
      assert.isEmpty(Fs.readdirSync(directory))
    }))

  it.effect("is none where there is nothing, or a file; too little room is said at once", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      Fs.writeFileSync(Path.join(directory, "file"), "")
      for (const name of ["nothing", "file"]) {
        const into = Effect.scoped(NodeFiles.into(Path.join(directory, name)))
        assert.strictEqual(yield* reasonOf(into), "unwritable")
      }
      const { detail, reason } = yield* Effect.flip(Effect.scoped(NodeFiles.into(directory, Number.MAX_SAFE_INTEGER)))
      assert.strictEqual(reason, "full")
      assert.match(detail, /^there is room for \d+ octets, and the file has 9007199254740991$/)
      assert.deepStrictEqual(Fs.readdirSync(directory), ["file"])
    }))
})
