/** What `connect` and `listen` do with a stream that is open: show what comes, send what is typed. */
import type { Notice } from "@xmpp-e2e/protocol"
import type { E2eStream, Failure } from "@xmpp-e2e/stream"
import { Stanza } from "@xmpp-e2e/stream"
import type { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { CommandFailed } from "./exit.ts"
import * as Output from "./output.ts"
import * as StanzaText from "./stanzaText.ts"

export interface Manner {
  readonly json: boolean
  /** Numbers the stream where there can be several. */
  readonly stream?: number
}

/** Shows every stanza until the peer has closed its side, and hands each batch on. */
export const show = <E, R>(
  stream: E2eStream.E2eStream,
  manner: Manner,
  then: (batch: ReadonlyArray<Stanza.Received>) => Effect.Effect<void, E, R>
): Effect.Effect<void, E | CommandFailed | Failure.StreamFailed, R> =>
  stream.stanzas.pipe(
    Stream.runForEachArray((batch) =>
      Effect.andThen(Output.lines(batch.flatMap((each) => shown(each, stream, manner))), then(batch))
    )
  )

/**
 * Shows what the stream reports: under `--json` on standard output, else the few things a person wants to know. Started
 * before the stanzas are shown, it tells first who the peer is.
 */
export const showNotices = (stream: E2eStream.E2eStream, manner: Manner): Effect.Effect<void, CommandFailed> =>
  stream.notices.pipe(
    Stream.filter((notice) => notice._tag !== "Ended"),
    Stream.runForEachArray((notices) => {
      if (!manner.json) return Effect.forEach(notices, remarkOn, { discard: true })
      // In one write: what follows may be about stanzas that are shown meanwhile.
      const opening = notices.findIndex(({ _tag }) => _tag === "Negotiated") + 1
      return Effect.andThen(
        Output.lines(notices.slice(0, opening).map((notice) => noticeLine(notice, manner))),
        Effect.forEach(notices.slice(opening), (notice) => Output.line(noticeLine(notice, manner)), { discard: true })
      )
    })
  )

/** Lines said so far, by our side. */
export interface Spoken {
  lines: number
}

/** The peer has closed its side: our side may finish what it is saying, and is done when it says nothing for a moment. */
export const untilSilent = (spoken: Spoken): Effect.Effect<void> =>
  Effect.suspend(() => {
    const before = spoken.lines
    return Effect.flatMap(
      Effect.sleep(momentMillis),
      () => spoken.lines === before ? Effect.void : untilSilent(spoken)
    )
  })

export const noticeLine = (notice: object, { stream }: Manner): string =>
  JSON.stringify({ notice, ...(stream === undefined ? {} : { stream }) })

/** What a line of input asks to be sent, and on which stream; the failure is a sentence. */
export const toStanza = (
  text: string,
  { json }: Manner,
  contentNamespace: string
): Result.Result<{ readonly stanza: Element.Element; readonly stream?: number }, string> => {
  if (!json) return Result.succeed({ stanza: chat(text, contentNamespace) })
  const decoded = decodeLine(text)
  if (Result.isFailure(decoded)) return Result.fail("the line is not {\"stanza\":\"<message…/>\"}")
  const parsed = StanzaText.parse(decoded.success.stanza, contentNamespace)
  return Result.map(parsed, (stanza) => ({
    stanza,
    ...(decoded.success.stream === undefined ? {} : { stream: decoded.success.stream })
  }))
}

export const chat = (body: string, namespace: string): Element.Element =>
  Stanza.message({ type: "chat", body, namespace })

/** The body of a message that is no error; nothing for anything else. */
export const bodyOf = (stanza: Element.Element): string | undefined =>
  stanza.name === "message" && Stanza.typeOf(stanza) !== "error" ? Stanza.bodyOf(stanza) : undefined

/** `romeo@forza, verified (certificate: pinned by CERT-83), TLSv1.3: the certificate … is pinned to romeo@forza`. */
export const introduction = ({ peer, secured, tls, verdict }: E2eStream.E2eStream): string => {
  const name = peer.address ?? "somebody without a name"
  if (!secured) return `${name}, NOT verified, NOT encrypted: anyone can read along`
  const how = verdict === undefined ? peer.how : `${peer.how}: ${verdict.code} by ${verdict.rule}`
  const because = verdict === undefined ? "" : `: ${verdict.because}`
  return `${name}, ${peer.verified ? "verified" : "NOT verified"} (${how}), ${tls?.protocol ?? "TLS"}${because}`
}

const shown = (received: Stanza.Received, stream: E2eStream.E2eStream, manner: Manner): ReadonlyArray<string> => {
  if (manner.json) {
    return [JSON.stringify({
      stanza: StanzaText.format(received.stanza, stream.contentNamespace),
      ...(received.from === undefined ? {} : { from: received.from }),
      ...(manner.stream === undefined ? {} : { stream: manner.stream })
    })]
  }
  const body = bodyOf(received.stanza)
  if (body === undefined) return []
  return [manner.stream === undefined ? body : `${received.from ?? "?"}: ${body}`]
}

const remarkOn = (notice: Notice.Notice): Effect.Effect<void> => {
  switch (notice._tag) {
    case "PeerError":
      return Output.remark(
        `the peer reports <${notice.error.condition}/>${
          notice.error.text === undefined ? "" : `: ${notice.error.text}`
        }`
      )
    case "Redirected":
      return Output.remark(`the peer asks to be called at ${notice.host}; that is not followed`)
    case "InsecureChannel":
      return Output.remark("this stream is NOT encrypted and nobody is authenticated")
    case "PeerClosed":
      return Output.remark("the peer has closed its side")
  }
  return Effect.void
}

const decodeLine = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({ stanza: Schema.String, stream: Schema.optionalKey(Schema.Int) }))
)

const momentMillis = 250
