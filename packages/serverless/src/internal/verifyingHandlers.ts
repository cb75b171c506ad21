/**
 * What peers say about verifications, as requests: each is answered at once, before anything that follows from it is done,
 * so that a peer may say one thing after the other. What may not bother the machine or the person is answered here.
 *
 * @internal
 */
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import { IqRefusal } from "@xmpp-e2e/stream/IqRouter"
import type { Handler } from "@xmpp-e2e/stream/Options"
import * as Wire from "@xmpp-e2e/stream/VerificationWire"
import { Element } from "@xmpp-e2e/xml"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Prompts } from "./prompts.ts"
import type { Run } from "./verifyingRun.ts"
import type { Runs } from "./verifyingRuns.ts"

/** @internal */
export const make = (runs: Runs, prompts: Prompts, absence: string | undefined): ReadonlyArray<Handler> => {
  const refusalOf = (run: Run, message: Wire.Message, nowMillis: number): IqRefusal | undefined => {
    if (message._tag !== "start") return undefined
    const state = run.state()
    if ("run" in state) return state._tag === "Started" || state.run === message.run ? undefined : busy
    return absence === undefined ? prompts.take(run.peer, nowMillis, runs.asking()) : absent(absence)
  }

  const heard = Effect.fnUntraced(function*(element: Element.Element, stream: E2eStream) {
    const run = yield* Effect.mapError(runs.of(stream), unfit)
    const message = Wire.read(element)
    const refusal = message === undefined ? malformed : refusalOf(run, message, yield* Clock.currentTimeMillis)
    // A run does not outlive what is no message of it.
    if (refusal === undefined || message === undefined) yield* run.take({ _tag: "Received", element })
    if (refusal !== undefined) return yield* refusal
    return undefined
  })

  return names.map((name) => ({
    namespace: Wire.namespace,
    name,
    type: "set",
    handle: (iq, _from, stream) => {
      const payload = Element.child(iq, Wire.namespace, name)
      return payload === undefined ? Effect.fail(malformed) : heard(payload, stream)
    }
  }))
}

const names: ReadonlyArray<Wire.Message["_tag"]> = ["start", "answer", "reveal", "stop"]

const unfit = ({ message }: { readonly message: string }): IqRefusal =>
  new IqRefusal({ condition: "not-acceptable", type: "cancel", text: message })

const absent = (text: string): IqRefusal => new IqRefusal({ condition: "recipient-unavailable", type: "wait", text })

const malformed = new IqRefusal({ condition: "bad-request", type: "modify" })
const busy = new IqRefusal({
  condition: "resource-constraint",
  type: "wait",
  text: "A verification is under way here."
})
