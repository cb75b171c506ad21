/** Two or more people on a network in memory, each with a name and a certificate that is merely its holder's name. */
import { layerVerdict } from "@xmpp-e2e/certificates/PeerJudge"
import * as MemoryNetwork from "@xmpp-e2e/link-local/MemoryNetwork"
import type { Verdict } from "@xmpp-e2e/protocol"
import type { Received } from "@xmpp-e2e/stream/Stanza"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Serverless from "../src/Serverless.ts"

export const identity = (name: string) => ({
  certificates: `-----BEGIN CERTIFICATE-----\n${btoa(name)}\n-----END CERTIFICATE-----\n`,
  privateKey: Redacted.make(""),
  addresses: [name]
})

export const verdict = (holder: string): Verdict.Verdict => ({
  decision: "accept",
  code: "trusted",
  rule: "CERT-70",
  because: "the test says so",
  strength: "pki",
  authorised: [holder],
  identity: holder,
  notices: []
})

/** Believes whatever it is shown. */
export const world = Layer.merge(
  Memory.layer,
  layerVerdict(({ chain }) => Effect.succeed(verdict(new TextDecoder().decode(chain[0]))))
)

export const network = MemoryNetwork.make()

export interface Person extends Serverless.Serverless {
  readonly heard: Array<Received>
  readonly host: MemoryNetwork.Host
}

/** Somebody at a machine of his own. */
export const person = Effect.fnUntraced(function*(
  network: MemoryNetwork.MemoryNetwork,
  from: string,
  address: string,
  more: Partial<Serverless.Options> = {}
) {
  const host = yield* network.host([{ via: "eth0", link: "verona", addresses: [address] }])
  const heard: Array<Received> = []
  const one = yield* Serverless.make({
    from,
    identity: identity(from),
    at: { host: address, port: 0 },
    onStanza: (received) => Effect.sync(() => void heard.push(received)),
    ...more
  }).pipe(Effect.provide(host.layer))
  return { ...one, heard, host }
})

export const bodies = (heard: ReadonlyArray<Received>): ReadonlyArray<string | undefined> =>
  heard.map(({ stanza }) => Stanza.bodyOf(stanza))

/** Lets whatever is under way come to rest. */
export const settle = Effect.gen(function*() {
  for (let turn = 0; turn < 20; turn++) yield* TestClock.adjust("10 millis")
})
