/**
 * `replay --mermaid` and `replay --pcapng`: a recording in somebody else's format. What the formats look like is in
 * `@xmpp-e2e/recording`; here a recording is read line by line and what comes of it written as it comes.
 */
import { Mermaid, Pcapng, Recording } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import { type CommandFailed, usage } from "./exit.ts"
import * as Output from "./output.ts"
import { asFailure, each, nameOf, reads } from "./recordingReads.ts"

type Exporting = Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem>

/** A sequence diagram as text, on standard output. */
export const mermaid = Effect.fnUntraced(function*(file: string): Exporting {
  yield* reads(file).pipe(
    Stream.mapError(asFailure),
    Stream.runForEachArray((all) => Output.lines(all.flatMap(diagramOf)))
  )
})

const diagramOf = (read: Recording.Read): ReadonlyArray<string> => {
  switch (read._tag) {
    case "Head":
      return Mermaid.head(read.head)
    case "Line":
      return Recording.isStep(read.line) ? Mermaid.step(read.line) : []
    case "Empty":
    case "Torn":
      return []
  }
}

/** A capture of the wire, which only its owner may read: it holds the conversation. */
export const pcapng = Effect.fnUntraced(function*(file: string, out: string): Exporting {
  const fs = yield* FileSystem.FileSystem
  let capture: Pcapng.Capture | undefined
  let torn: string | undefined
  const bytesOf = (read: Recording.Read): ReadonlyArray<Uint8Array> => {
    if (read._tag === "Torn") torn = read.error.message
    if (read._tag === "Head") {
      capture = Pcapng.make(read.head, startOf(read.head))
      return [capture.begin()]
    }
    return read._tag === "Line" && capture !== undefined ? [capture.take(read.line)] : []
  }
  const rest = Stream.suspend(() => Stream.fromArray(capture === undefined ? [] : [capture.end()]))
  yield* each(reads(file), bytesOf).pipe(
    Stream.concat(rest),
    Stream.mapError(asFailure),
    Stream.run(
      fs.sink(out, { flag: "wx", mode: 0o600 })
    ),
    Effect.mapError((error) => error._tag === "CommandFailed" ? error : usage(`${nameOf(out)}: ${error.message}`))
  )
  if (torn !== undefined) yield* Output.remark(`${nameOf(file)}: ${torn}; the rest was read`)
  const frames = capture?.frames() ?? 0
  if (frames === 0) {
    yield* Effect.ignore(fs.remove(out))
    return yield* usage(
      `${nameOf(file)} holds no bytes of the wire, so there is nothing to capture; see --record-wire and --record-tls`
    )
  }
  yield* Output.remark(`${nameOf(out)}: ${frames} frames, with made-up addresses; ${contentOf(capture?.tls())}`)
})

const contentOf = (tls: ReturnType<Pcapng.Capture["tls"]> | undefined): string => {
  switch (tls) {
    case "open":
      return "it holds TLS with its secrets: whoever has it can read everything"
    case "sealed":
      return "it holds TLS without its secrets, because the recording ends before they were agreed on"
    case "none":
    case undefined:
      return "it holds the conversation in full"
  }
}

/** When the recording began; what a recording says of that may be anything. */
const startOf = ({ startedAt }: Recording.Head): number => {
  const millis = Date.parse(startedAt ?? "")
  return millis > 0 ? millis : 0
}
