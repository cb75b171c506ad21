/** Two ends of a stream that verify each other, and random bytes for them that a seed decides. */
import type { Element } from "@xmpp-e2e/xml"
import { createHash } from "node:crypto"
import * as Verification from "../src/Verification.ts"
import type * as Wire from "../src/VerificationWire.ts"

export const sha256 = (octets: Uint8Array): Uint8Array => createHash("sha256").update(octets).digest()

export const nonceOf = (seed: string): string => createHash("sha256").update(seed).digest("hex")

export const facts = (role: Wire.Role, stream = "direct"): Wire.Facts => ({
  role,
  initiator: { address: "romeo@forza", certificate: nonceOf(`romeo ${stream}`) },
  recipient: { address: "juliet@pronto", certificate: nonceOf(`juliet ${stream}`) },
  exporter: nonceOf(`exporter ${stream}`),
  sha256
})

/** One end, whose state moves. */
export const end = (of: Wire.Facts) => {
  let state = Verification.idle
  return {
    state: () => state,
    do: (event: Verification.Event): ReadonlyArray<Verification.Action> => {
      const next = Verification.step(of, state, event)
      state = next.state
      return next.actions
    }
  }
}

export type End = ReturnType<typeof end>

export const sent = (actions: ReadonlyArray<Verification.Action>): ReadonlyArray<Element.Element> =>
  actions.flatMap((action) => action._tag === "Send" ? [action.element] : [])

export const hear = (one: End, elements: ReadonlyArray<Element.Element>): ReadonlyArray<Element.Element> =>
  elements.flatMap((element) => sent(one.do({ _tag: "Received", element })))

/** Carries what is on its way until nothing is. */
export const carry = (from: End, to: End, elements: ReadonlyArray<Element.Element>): void => {
  if (elements.length > 0) carry(to, from, hear(to, elements))
}
