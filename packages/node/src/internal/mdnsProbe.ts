/**
 * Whether multicast DNS comes and goes on one interface: a question that nobody else asks is sent, and ought to be heard by us too.
 *
 * @internal
 */
import type * as MdnsEvent from "@xmpp-e2e/link-local/mdns/Event"
import * as Message from "@xmpp-e2e/link-local/mdns/Message"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Buffer } from "node:buffer"
import { randomBytes } from "node:crypto"
import { codeOf } from "./files.ts"
import type { Interface } from "./interfaces.ts"
import * as Multicast from "./multicast.ts"

export type Outcome =
  | { readonly _tag: "Unopened"; readonly code: string }
  | {
    readonly _tag: "Listened"
    readonly heardSelf: boolean
    readonly others: ReadonlyArray<string>
    readonly answeredHere: boolean
  }

/** Takes at most two and a half seconds. */
export const probe = (
  where: Interface,
  family: Multicast.Family,
  own: ReadonlySet<string>
): Effect.Effect<Outcome> =>
  Effect.suspend(() => {
    const question = questionOf(randomBytes(8).toString("hex"))
    const heard: Heard = { self: false, others: new Set(), answeredHere: false }
    const hear = (bytes: Uint8Array, source: MdnsEvent.Source): void => {
      if (Buffer.compare(bytes, question) === 0) heard.self = true
      else if (!own.has(source.address)) {
        if (heard.others.size < othersMax) heard.others.add(source.address)
      } else if (Result.getOrUndefined(Message.decode(bytes))?.isResponse === true) heard.answeredHere = true
    }
    return Effect.acquireUseRelease(
      Effect.timeout(Multicast.open(where, family, hear), "1 second"),
      ({ send }) => Effect.andThen(Effect.sync(() => send(question, undefined)), Effect.sleep("1 second")),
      ({ close }) => close
    ).pipe(
      Effect.match({
        onFailure: (cause): Outcome => ({ _tag: "Unopened", code: codeOf(cause) }),
        onSuccess: (): Outcome => ({
          _tag: "Listened",
          heardSelf: heard.self,
          others: [...heard.others].sort(),
          answeredHere: heard.answeredHere
        })
      })
    )
  })

interface Heard {
  self: boolean
  answeredHere: boolean
  readonly others: Set<string>
}

/** Asks what services there are (RFC 6763 §9), which every responder answers, and for a name that nobody has. */
const questionOf = (token: string): Uint8Array =>
  Result.getOrElse(
    Message.encode({
      id: 0,
      isResponse: false,
      truncated: false,
      questions: [
        { name: "_services._dns-sd._udp.local.", type: 12, unicast: false },
        { name: `${token}.local.`, type: 16, unicast: false }
      ],
      answers: [],
      authorities: [],
      additionals: []
    }),
    () => new Uint8Array(12)
  )

const othersMax = 64
