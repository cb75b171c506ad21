/** People who offer files to each other, and storage in memory that can be slow, full or wrong. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as FileSharing from "../src/FileSharing.ts"
import { identity } from "./support.ts"
import { stream } from "./verifying.ts"

export const romeo = "romeo@forza"
export const juliet = "juliet@pronto"

export const person = Effect.fnUntraced(function*(name: string, options: FileSharing.Options = {}) {
  const files = yield* FileSharing.make(options)
  const offered: Array<FileSharing.Incoming> = []
  yield* Effect.forkScoped(
    Stream.runForEach(files.offers, (incoming) => Effect.sync(() => void offered.push(incoming))),
    { startImmediately: true }
  )
  return { ...files, name, offered, options: { from: name, identity: identity(name), handlers: files.handlers } }
})

export const couple = Effect.fnUntraced(
  function*(one: FileSharing.Options = {}, two: FileSharing.Options = {}) {
    const his = yield* person(romeo, one)
    const hers = yield* person(juliet, two)
    const { arrived, dialled } = yield* stream(his, hers)
    return { his, hers, at: { his: dialled, hers: arrived } }
  }
)

export const file = (bytes: Uint8Array, more: Partial<FileSharing.OwnFile> = {}): FileSharing.OwnFile => ({
  name: "letter.txt",
  size: bytes.length,
  bytes: Stream.make(bytes),
  ...more
})

export const content = (octets: number): Uint8Array => Uint8Array.from({ length: octets }, (_, at) => (at * 7919) % 251)

/** Where a file goes. */
export const shelf = (change: Partial<FileSharing.Sink<string>> = {}) => {
  const parts: Array<Uint8Array> = []
  const kept: Array<string> = []
  const closed: Array<true> = []
  const sink = Effect.acquireRelease(
    Effect.succeed<FileSharing.Sink<string>>({
      append: (bytes) => Effect.sync(() => void parts.push(bytes)),
      keep: (name) =>
        Effect.sync(() => {
          kept.push(name)
          return name
        }),
      ...change
    }),
    () => Effect.sync(() => void closed.push(true))
  )
  return { parts, kept, closed, sink, bytes: () => joined(parts) }
}

const joined = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
