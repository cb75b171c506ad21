/**
 * From lines to text, redacted on the way. Where the secret is the id of the stream, all waits for the header that brings
 * it.
 */
import type { Address, Config } from "@xmpp-e2e/protocol"
import * as Recording from "@xmpp-e2e/recording/Recording"
import * as Redact from "@xmpp-e2e/recording/Redact"
import type { Sink } from "../Recorder.ts"

/** Lines of one stream become text or octets. @internal */
export interface Veiling {
  readonly line: (line: Recording.Line) => void
  /** Nothing more comes; what waits must not wait any longer. */
  readonly finish: () => void
}

/** @internal */
export const full = (head: Recording.Head, sink: Sink): Veiling => {
  sink.write(Recording.head(head))
  return {
    line: (line) => sink.write(Recording.line(line)),
    finish: () => {}
  }
}

/**
 * `draw` is asked for a secret where there is no other: at `shape`, and when the stream ended, or went on for long, without
 * having an id. Chunks and secrets hold everything in full and are left out.
 *
 * @internal
 */
export const redacted = (
  level: Exclude<Redact.Level, "full">,
  head: Recording.Head,
  secrets: { readonly given: Uint8Array | string | undefined; readonly draw: () => Uint8Array },
  sink: Sink
): Veiling => {
  const { naming, role }: { readonly naming: Address.Naming; readonly role: Config.Config["role"] } = head.config
  let redactor: Redact.Redactor | undefined
  let waiting: Array<Recording.Step> = []
  const begin = (secret: Uint8Array | string): Redact.Redactor => {
    const begun = Redact.make(level, secret, naming)
    sink.write(Recording.head(begun.head(head)))
    for (const step of waiting) sink.writeOctets(begun.octets(step))
    waiting = []
    redactor = begun
    return begun
  }
  if (level === "shape") begin(secrets.draw())
  else if (secrets.given !== undefined) begin(secrets.given)
  return {
    line: (line) => {
      if (!Recording.isStep(line)) return
      const secret = redactor === undefined ? Redact.secretOf(role, line.event) : undefined
      if (secret !== undefined || waiting.length >= waitingMax) begin(secret ?? secrets.draw())
      if (redactor === undefined) waiting.push(line)
      else sink.writeOctets(redactor.octets(line))
    },
    finish: () => {
      if (redactor === undefined) begin(secrets.draw())
    }
  }
}

/** A peer may keep silent while we queue. */
const waitingMax = 256
