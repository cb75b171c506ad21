/** Two peers in memory, a judge that believes what it is shown, a peer driven by hand, and a census of fibers. */
import { layerVerdict, type PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import type { Verdict } from "@xmpp-e2e/protocol"
import type { Connection, TlsFacts } from "@xmpp-e2e/transport/Connection"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as E2eStream from "../src/E2eStream.ts"
import type { ConfigInvalid, StreamFailed } from "../src/Failure.ts"
import type { Options } from "../src/Options.ts"
import * as Stanza from "../src/Stanza.ts"

export const romeo = "romeo@forza"
export const juliet = "juliet@pronto"

/** The certificate of the model is the name of its holder. */
export const identity = (name: string) => ({
  certificates: `-----BEGIN CERTIFICATE-----\n${btoa(name)}\n-----END CERTIFICATE-----\n`,
  privateKey: Redacted.make(""),
  addresses: [name]
})

export const verdict = (holder: string | undefined, more: Partial<Verdict.Verdict> = {}): Verdict.Verdict => ({
  decision: "accept",
  code: "trusted",
  rule: "CERT-70",
  because: "the test says so",
  strength: "pki",
  authorised: holder === undefined ? [] : [holder],
  ...(holder === undefined ? {} : { identity: holder }),
  notices: [],
  ...more
})

export const holderOf = (chain: ReadonlyArray<Uint8Array>): string | undefined =>
  chain[0] === undefined ? undefined : new TextDecoder().decode(chain[0])

/** Believes whatever it is shown. */
export const credulous = layerVerdict(({ chain }) => Effect.succeed(verdict(holderOf(chain))))

export const judging = layerVerdict

/** Memory network and a judge. */
export const world = Layer.merge(Memory.layer, credulous)

type Partly = Partial<Options> & { readonly to?: string }

export const asRomeo = (more: Partly = {}): E2eStream.OverOptions => ({
  role: "initiator",
  from: romeo,
  to: juliet,
  identity: identity(romeo),
  ...more
})

export const asJuliet = (more: Partly = {}): E2eStream.OverOptions => ({
  role: "recipient",
  from: juliet,
  identity: identity(juliet),
  ...more
})

export const clear = { tls: "never", sasl: "never", authenticatePeer: false } as const

export interface Pair {
  readonly romeo: E2eStream.E2eStream
  readonly juliet: E2eStream.E2eStream
}

/** Both ends of one stream, negotiated. */
export const pair = (
  options: { readonly romeo?: Partly; readonly juliet?: Partly; readonly link?: Memory.Link } = {}
): Effect.Effect<Pair, StreamFailed | ConfigInvalid, PeerJudge | Scope.Scope> =>
  Effect.gen(function*() {
    const [left, right] = yield* Memory.pair(options.link)
    const [romeo, juliet] = yield* Effect.all([
      E2eStream.over(left, asRomeo(options.romeo)),
      E2eStream.over(right, asJuliet(options.juliet))
    ], { concurrency: 2 })
    // Closed one after the other, the first would wait for the second to have said all it had to say.
    yield* Effect.addFinalizer(() => Effect.all([romeo.close, juliet.close], { concurrency: 2 }))
    return { romeo, juliet }
  })

/** A peer of whom every byte is said by the test. */
export interface Puppet {
  readonly connection: Connection
  readonly say: (text: string) => Effect.Effect<void>
  /** All that was heard since the last time, once it contains `text`. */
  readonly hear: (text: string) => Effect.Effect<string>
  /** Everything until the other end has ended or gone. */
  readonly hearOut: Effect.Effect<string>
  readonly turnToTls: (as: "client" | "server", name: string) => Effect.Effect<TlsFacts>
}

export const puppet = (connection: Connection): Puppet => {
  let heard = ""
  const decoder = new TextDecoder()
  const read = Effect.map(
    Effect.orElseSucceed(connection.read, () => Option.none<Uint8Array>()),
    Option.map((bytes) => decoder.decode(bytes, { stream: true }))
  )
  const hear = (text: string): Effect.Effect<string> =>
    Effect.suspend(() => {
      if (heard.includes(text)) {
        const all = heard
        heard = ""
        return Effect.succeed(all)
      }
      return Effect.flatMap(
        read,
        Option.match({
          onNone: () => Effect.die(`the stream ended before ${text}; heard: ${heard}`),
          onSome: (more) => {
            heard += more
            return hear(text)
          }
        })
      )
    })
  const hearOut: Effect.Effect<string> = Effect.flatMap(
    read,
    Option.match({
      onNone: () => Effect.sync(() => heard),
      onSome: (more) => {
        heard += more
        return hearOut
      }
    })
  )
  return {
    connection,
    hear,
    hearOut,
    say: (text) => Effect.orDie(connection.write(new TextEncoder().encode(text))),
    turnToTls: (as, name) =>
      Effect.orDie(connection.startTls({ as, unread: new Uint8Array(0), identity: identity(name) }))
  }
}

/** An end of ours under negotiation, and the puppet at the other end. */
export const withPuppet = Effect.fnUntraced(function*(
  options: E2eStream.OverOptions,
  link?: Memory.Link,
  written: (bytes: Uint8Array) => void = () => {}
) {
  const [end, right] = yield* Memory.pair(link)
  const left: Connection = {
    ...end,
    write: (bytes) => {
      written(bytes)
      return end.write(bytes)
    }
  }
  const fiber = yield* Effect.forkChild(E2eStream.over(left, options))
  return { fiber, other: puppet(right), ours: left }
})

/** The puppet is the recipient of a clear stream; ours is through with the negotiation. */
export const clearWithPuppet = Effect.fnUntraced(function*(
  more: Partly = {},
  link?: Memory.Link,
  written?: (bytes: Uint8Array) => void
) {
  const options = asRomeo({ ...more, policy: { ...clear, ...more.policy } })
  const { fiber, other } = yield* withPuppet(options, link, written)
  yield* other.hear("version")
  yield* other.say(header({ from: juliet, to: romeo, id: "1" }) + features(""))
  return { stream: yield* Fiber.join(fiber), other }
})

/** The same for tests that are not about the end: the stream is broken off when the test is over. */
export const briefly: typeof clearWithPuppet = (...args) =>
  Effect.tap(clearWithPuppet(...args), ({ stream }) => Effect.addFinalizer(() => stream.abort))

export const header = (attributes: Readonly<Record<string, string>>): string =>
  `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' ` +
  `version='1.0'${Object.entries(attributes).map(([name, value]) => ` ${name}='${value}'`).join("")}>`

export const features = (content: string): string => `<stream:features>${content}</stream:features>`

export const starttlsRequired = `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>`

export const footer = "</stream:stream>"

export const message = (body: string) => Stanza.message({ body })

export const bodies = (received: ReadonlyArray<Stanza.Received>): ReadonlyArray<string | undefined> =>
  received.map(({ stanza }) => Stanza.bodyOf(stanza))

/** The next stanza, which must come. */
export const next = (stream: E2eStream.E2eStream): Effect.Effect<Stanza.Received, StreamFailed> =>
  Effect.flatMap(stream.receive, (received) => Effect.orDie(Effect.fromOption(received)))

/** Everything until the stream ends in order. */
export const drain = (stream: E2eStream.E2eStream) => Stream.runCollect(stream.stanzas)

/** How many fibers are alive that were started inside. */
export const counted = <A, E, R>(
  effect: (alive: () => number) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  let alive = 0
  return Effect.provideService(effect(() => alive), Metric.FiberRuntimeMetrics, {
    recordFiberStart: () => {
      alive += 1
    },
    recordFiberEnd: () => {
      alive -= 1
    }
  })
}

/** Runs an effect to its end while time passes; what it gives, and how much time it took, to the tenth of a second. */
export const elapsing = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>) {
  const fiber = yield* Effect.forkChild(effect)
  let millis = 0
  yield* settle
  while (fiber.pollUnsafe() === undefined && millis < 600_000) {
    yield* TestClock.adjust(100)
    yield* settle
    millis += 100
  }
  return { value: yield* Fiber.join(fiber), millis }
})

/** Gives every fiber that can go on the time to do so. */
export const settle: Effect.Effect<void> = Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow, {
  discard: true
})

/** One end of a connection whose other end does nothing. */
export const nobody: Effect.Effect<Connection> = Effect.map(Memory.pair(), ([end]) => end)
