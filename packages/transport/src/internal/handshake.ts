/**
 * A model of the TLS handshake: the order of its messages, who shows what to whom, and how it fails. It keeps nothing
 * secret and proves nothing; certificates are shown as they are, and nobody checks a signature. That is the judge's
 * business in the real thing as well, except for the possession of the private key, which the model takes for granted.
 *
 * As in TLS 1.3, the client is through as soon as it has sent its last message, before the server has seen it.
 */
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ocspStapleBytesMax, type StartTls, type TlsFacts, type TlsIdentity } from "../Connection.ts"
import type * as Records from "./records.ts"

/** Reading fails with a sentence when the peer goes away or sends an alert. @internal */
export interface Channel {
  readonly read: Effect.Effect<Uint8Array, Failure>
  readonly write: (message: Uint8Array) => Effect.Effect<void>
}

/** `alert` is what the peer is told, if it can still be told. @internal */
export interface Failure {
  readonly detail: string
  readonly alert?: Records.AlertName
}

/** `number` makes every handshake of a network its own, so that no two connections export the same. @internal */
export const run = (channel: Channel, options: StartTls, number: number): Effect.Effect<TlsFacts, Failure> =>
  options.as === "client" ? client(channel, options, number) : server(channel, options)

const client = Effect.fnUntraced(function*(
  channel: Channel,
  options: StartTls,
  number: number
): Effect.fn.Return<TlsFacts, Failure> {
  const mine = yield* certificates(options.identity)
  const offered = versions(options)
  const first = encode({ _tag: "ClientHello", number, versions: offered })
  yield* channel.write(first)
  const second = yield* channel.read
  const hello = yield* decode(second)
  if (hello._tag !== "ServerHello") return yield* Effect.fail(unexpected("server", hello._tag))
  if (!offered.includes(hello.version)) return yield* Effect.fail(noVersion)
  const last = encode({ _tag: "ClientFinished", chain: mine })
  yield* channel.write(last)
  const known = yield* facts(hello.version, hello.chain, [first, second])
  return hello.ocspStaple === undefined ? known : { ...known, ocspStaple: yield* decodeStaple(hello.ocspStaple) }
})

const server = Effect.fnUntraced(function*(
  channel: Channel,
  options: StartTls
): Effect.fn.Return<TlsFacts, Failure> {
  const mine = yield* certificates(options.identity)
  if (mine.length === 0) return yield* Effect.fail({ detail: "a TLS server must show a certificate", alert: internal })
  const staple = yield* ownStaple(options.identity)
  const first = yield* channel.read
  const hello = yield* decode(first)
  if (hello._tag !== "ClientHello") return yield* Effect.fail(unexpected("client", hello._tag))
  const version = versions(options).find((version) => hello.versions.includes(version))
  if (version === undefined) return yield* Effect.fail(noVersion)
  const second = encode({ _tag: "ServerHello", version, chain: mine, ...staple })
  yield* channel.write(second)
  const last = yield* channel.read
  const finished = yield* decode(last)
  if (finished._tag !== "ClientFinished") return yield* Effect.fail(unexpected("client", finished._tag))
  return yield* facts(version, finished.chain, [first, second])
})

const facts = (
  protocol: string,
  shown: ReadonlyArray<string>,
  transcript: ReadonlyArray<Uint8Array>
): Effect.Effect<TlsFacts, Failure> => {
  const chain: Array<Uint8Array> = []
  for (const text of shown) {
    const der = Base64.decode(text)
    if (Result.isFailure(der)) return Effect.fail(malformed)
    chain.push(der.success)
  }
  return Effect.succeed({
    protocol,
    cipher: "IN_MEMORY_MODEL",
    resumed: false,
    chain,
    ...(protocol === "TLSv1.3" ? { exporter: exporter(transcript) } : {})
  })
}

/** Best first. */
const versions = (options: StartTls): ReadonlyArray<string> =>
  ["TLSv1.3", "TLSv1.2"].filter((version) =>
    version <= (options.versionMax ?? "TLSv1.3") && version >= (options.versionMin ?? "TLSv1.2")
  )

/** The bodies of the PEM blocks (RFC 7468 §5), Base64 without white space. */
const certificates = (identity: TlsIdentity | undefined): Effect.Effect<ReadonlyArray<string>, Failure> => {
  if (identity === undefined) return Effect.succeed([])
  const bodies = Array.from(identity.certificates.matchAll(pem), (match) => (match[1] ?? "").replace(/\s+/g, ""))
  if (bodies.length === 0 || bodies.some((body) => Result.isFailure(Base64.decode(body)))) {
    return Effect.fail({ detail: "the own certificates are not PEM", alert: internal })
  }
  return bodies.join().length <= chainLengthMax
    ? Effect.succeed(bodies)
    : Effect.fail({ detail: "the own certificates do not fit into one record", alert: internal })
}

const ownStaple = (identity: TlsIdentity | undefined): Effect.Effect<{ readonly ocspStaple?: string }, Failure> => {
  const staple = identity?.ocspStaple
  if (staple === undefined) return Effect.succeed({})
  return staple.length <= ocspStapleBytesMax
    ? Effect.succeed({ ocspStaple: Base64.encode(staple) })
    : Effect.fail({ detail: "our OCSP response is too large", alert: internal })
}

const decodeStaple = (text: string): Effect.Effect<Uint8Array, Failure> =>
  Effect.mapError(Effect.fromResult(Base64.decode(text)), () => malformed)

/**
 * Equal transcripts, equal bytes; any difference spreads over all of them. FNV-1a in eight lanes: enough for a model, no
 * secret to anybody.
 */
const exporter = (transcript: ReadonlyArray<Uint8Array>): Uint8Array => {
  const out = new DataView(new ArrayBuffer(32))
  for (let lane = 0; lane < 8; lane++) {
    let hash = 0x811c9dc5 ^ (lane * 0x9e3779b1)
    for (const message of transcript) for (const byte of message) hash = Math.imul(hash ^ byte, 0x01000193)
    out.setInt32(lane * 4, hash)
  }
  return new Uint8Array(out.buffer)
}

const encode = (message: Message): Uint8Array => new TextEncoder().encode(JSON.stringify(message))

const decode = (body: Uint8Array): Effect.Effect<Message, Failure> =>
  Effect.mapError(decodeMessage(new TextDecoder().decode(body)), () => malformed)

const unexpected = (wanted: "client" | "server", got: Message["_tag"]): Failure => ({
  detail: `the peer was expected to be the TLS ${wanted}, and sent a ${got}`,
  alert: "unexpected_message"
})

type Message = typeof Message.Type

const Message = Schema.TaggedUnion({
  ClientHello: { number: Schema.Int, versions: Schema.Array(Schema.String) },
  ServerHello: {
    version: Schema.String,
    chain: Schema.Array(Schema.String),
    ocspStaple: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(Math.ceil(ocspStapleBytesMax / 3) * 4)))
  },
  ClientFinished: { chain: Schema.Array(Schema.String) }
})
const decodeMessage = Schema.decodeUnknownEffect(Schema.fromJsonString(Message))

const internal = "internal_error" as const
/** One record holds 65,535 bytes; the rest of the message is short. */
const chainLengthMax = 40_000
const malformed: Failure = { detail: "the peer's TLS handshake is malformed", alert: "decode_error" }
const noVersion: Failure = { detail: "no TLS version is acceptable to both sides", alert: "protocol_version" }
const pem = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g
