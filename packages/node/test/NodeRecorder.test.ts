import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { spawnSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import * as Appender from "../src/internal/appender.ts"
import * as NodeRecorder from "../src/NodeRecorder.ts"
import { modeOf, temporary, textOf } from "./directories.ts"

describe("NodeRecorder", () => {
  it.live("lines are in the file, in order, after a flush; the file is for the owner alone", () =>
    Effect.gen(function*() {
      const path = Path.join(yield* temporary, "romeo.ndjson")
      const recorder = yield* NodeRecorder.open(path)
      recorder.write("{\"seq\":0}")
      recorder.write("{\"seq\":1,\"text\":\"ü\"}")
      yield* recorder.flush
      assert.strictEqual(textOf(path), "{\"seq\":0}\n{\"seq\":1,\"text\":\"ü\"}\n")
      recorder.write("{\"seq\":2}")
      yield* recorder.flush
      yield* recorder.flush
      assert.strictEqual(textOf(path).split("\n").length, 4)
      assert.strictEqual(modeOf(path), "600")
    }))

  it.live("closing the scope writes what is left, also 100 000 lines", () =>
    Effect.gen(function*() {
      const path = Path.join(yield* temporary, "romeo.ndjson")
      yield* Effect.scoped(Effect.gen(function*() {
        const { write } = yield* NodeRecorder.open(path)
        for (let seq = 0; seq < 100_000; seq++) write(`{"seq":${seq}}`)
      }))
      const lines = textOf(path).split("\n")
      assert.strictEqual(lines.pop(), "")
      assert.isTrue(lines.every((line, seq) => line === `{"seq":${seq}}`))
      assert.strictEqual(lines.length, 100_000)
    }))

  it.live("lines reach the file without a flush", () =>
    Effect.gen(function*() {
      const path = Path.join(yield* temporary, "romeo.ndjson")
      const { write } = yield* NodeRecorder.open(path)
      write("{}")
      while (textOf(path) !== "{}\n") yield* Effect.sleep("5 millis")
      assert.strictEqual(textOf(path), "{}\n")
    }).pipe(Effect.timeout("5 seconds")))

  it.live("in a directory each stream has a file of its own, in the order in which they began", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      for (let stream = 1; stream <= 20; stream++) {
        const recorder = yield* NodeRecorder.openIn(directory)
        recorder.write(String(stream))
        yield* recorder.flush
      }
      const names = Fs.readdirSync(directory).toSorted()
      assert.match(names[0] ?? "", /^\d{8}T\d{6}\.\d{3}Z-001\.ndjson$/)
      assert.deepStrictEqual(
        names.map((name) => textOf(Path.join(directory, name)).trim()),
        Array.from({ length: 20 }, (_, at) => String(at + 1))
      )
      const nowhere = yield* Effect.flip(NodeRecorder.openIn(Path.join(directory, "nowhere")))
      assert.strictEqual(nowhere.reason, "unopenable")
    }))

  it.live("an existing file is not touched, a file that cannot be made is a typed error", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const path = Path.join(directory, "romeo.ndjson")
      Fs.writeFileSync(path, "precious")
      const exists = yield* Effect.flip(NodeRecorder.open(path))
      assert.strictEqual(exists.reason, "exists")
      assert.include(exists.message, path)
      assert.strictEqual(textOf(path), "precious")
      const nowhere = yield* Effect.flip(NodeRecorder.open(Path.join(directory, "nowhere", "romeo.ndjson")))
      assert.strictEqual(nowhere.reason, "unopenable")
    }))

  it.live("writing after the scope is closed does no harm", () =>
    Effect.gen(function*() {
      const path = Path.join(yield* temporary, "romeo.ndjson")
      const scope = yield* Scope.make()
      const { flush, write } = yield* Scope.provide(NodeRecorder.open(path), scope)
      write("before")
      yield* Scope.close(scope, Exit.void)
      write("after")
      assert.strictEqual((yield* Effect.flip(flush)).reason, "unwritable")
      assert.strictEqual(textOf(path), "before\n")
    }))

  it.effect.prop("whenever the disk refuses, the recording ends early and has no holes", [Schema.Int, Schema.Int], ([
    room,
    pause
  ]) =>
    Effect.gen(function*() {
      const disk = smallDisk(Math.abs(room) % 300)
      const appender = yield* Appender.make(disk.sink, 10_000, () => "overflow")
      const lines = Array.from({ length: 40 }, (_, seq) => `line ${seq}`)
      for (const [seq, line] of lines.entries()) {
        appender.write(line)
        if (seq % (1 + Math.abs(pause) % 7) === 0) yield* Effect.yieldNow
      }
      const result = yield* Effect.result(appender.flush)
      const all = `${lines.join("\n")}\n`
      assert.isTrue(all.startsWith(disk.text()))
      assert.match(disk.text(), /^$|\n$/, "half a line")
      assert.strictEqual(result._tag, disk.text() === all ? "Success" : "Failure")
      appender.write("and more")
      yield* Effect.ignore(appender.flush)
      if (result._tag === "Failure") assert.notInclude(disk.text(), "and more")
    }))

  it.effect("when too much waits for a slow disk, the rest is left out, and the flush says so", () =>
    Effect.gen(function*() {
      const disk = smallDisk(1_000_000)
      const appender = yield* Appender.make(disk.sink, 100, () => "overflow")
      for (let seq = 0; seq < 50; seq++) appender.write(`line ${seq}`)
      assert.strictEqual(yield* Effect.flip(appender.flush), "overflow")
      appender.write("late")
      assert.strictEqual(yield* Effect.flip(appender.flush), "overflow")
      assert.match(disk.text(), /^line 0\n/)
      assert.isBelow(disk.text().length, 101)
      assert.notInclude(disk.text(), "late")
    }))

  it.live("pieces larger than any batch, and texts in all alphabets, arrive as they are", () =>
    Effect.gen(function*() {
      const path = Path.join(yield* temporary, "romeo.ndjson")
      const recorder = yield* NodeRecorder.open(path)
      const lines = Array.from({ length: 400 }, (_, seq) => `${seq}${"aé€😀".charAt(seq % 4).repeat((seq * 37) % 900)}`)
      lines.splice(200, 0, "€".repeat(300_000))
      lines.splice(301, 0, "€".repeat(300_000))
      const scratch = new Uint8Array(1_000_000)
      for (const [seq, line] of lines.entries()) {
        // Written over by the next, as a recorder may do.
        if (seq % 3 === 0) {
          recorder.writeOctets(scratch.subarray(0, new TextEncoder().encodeInto(line, scratch).written))
        } else recorder.write(line)
      }
      yield* recorder.flush
      const written = Buffer.from(`${lines.join("\n")}\n`).toString()
      assert.isTrue(textOf(path) === written)
    }))

  it.live.each([
    ["an exception that nobody catches", "setTimeout(() => { throw new Error(\"crash\") })", 1],
    ["process.exit", "setTimeout(() => process.exit(7))", 7],
    ["an exception while lines are on their way", "setTimeout(() => { write(\"x\".repeat(999_999)); throw 1 }, 3)", 1]
  ])("what was taken before the process ends is in the file: %s", ([, ending, code]) =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const path = Path.join(directory, "romeo.ndjson")
      const status = inItself(
        directory,
        `Effect.runFork(Effect.scoped(Effect.gen(function*() {
          const { write } = yield* NodeRecorder.open(${JSON.stringify(path)})
          for (let seq = 0; seq < 5000; seq++) write(\`{"seq":\${seq}}\`)
          ${ending}
          yield* Effect.promise(async () => {
            for (let seq = 5000; seq < 9000; seq++) {
              write(\`{"seq":\${seq}}\`)
              if (seq % 1000 === 0) await new Promise((resume) => setImmediate(resume))
            }
          })
          yield* Effect.never
        })))`
      )
      assert.strictEqual(status, code)
      const lines = textOf(path).split("\n")
      assert.strictEqual(lines.pop(), "")
      const long = lines.filter((line) => line.startsWith("x"))
      assert.isTrue(long.every((line) => line.length === 999_999))
      const others = lines.filter((line) => !line.startsWith("x"))
      assert.isAtLeast(others.length, 5000)
      assert.deepStrictEqual(others, others.map((_, seq) => `{"seq":${seq}}`))
    }))

  it.live("what could not be written is a warning at the end, and nothing worse", () =>
    Effect.gen(function*() {
      const path = Path.join(yield* temporary, "romeo.ndjson")
      const warnings: Array<unknown> = []
      const capture = Logger.layer([
        Logger.make(({ logLevel, message }) => {
          warnings.push([logLevel, message])
        })
      ])
      yield* Effect.scoped(Effect.gen(function*() {
        const { write } = yield* NodeRecorder.open(path)
        write("x".repeat(17_000_000))
      })).pipe(Effect.provide(capture))
      assert.deepStrictEqual(warnings, [["Warn", [`the recording ${path} ends early: the disk is too slow`]]])
    }))
})

/** Takes `room` octets in whole appends, and then no more. */
const smallDisk = (room: number): { readonly text: () => string; readonly sink: Appender.Sink<string> } => {
  let text = ""
  return {
    text: () => text,
    sink: {
      append: (more, at) =>
        Effect.suspend(() => {
          assert.strictEqual(at, Buffer.byteLength(text))
          if (at + more.length > room) return Effect.fail("full")
          text += Buffer.from(more).toString()
          return Effect.void
        }),
      sync: Effect.void
    }
  }
}

/** Runs a program in a process of its own, and gives its exit code. */
const inItself = (directory: string, program: string): number | null => {
  const module = fileURLToPath(new URL("../src/NodeRecorder.ts", import.meta.url))
  const file = Path.join(directory, "program.ts")
  const imports = `import * as NodeRecorder from ${JSON.stringify(module)}\n` +
    `import * as Effect from ${JSON.stringify(import.meta.resolve("effect/Effect"))}\n`
  Fs.writeFileSync(file, imports + program)
  return spawnSync(process.execPath, [file], { encoding: "utf8" }).status
}
