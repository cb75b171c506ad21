/**
 * Asks about a chain as somebody would who has bytes and nothing else: leaf, other certificates, anchors, and perhaps a name.
 * The one place where the proving ground touches `Chain.ts`.
 */
import * as Effect from "effect/Effect"
import type * as Certificate from "../src/Certificate.ts"
import * as Chain from "../src/Chain.ts"
import type * as Reference from "../src/Reference.ts"
import type * as Revocation from "../src/Revocation.ts"

export interface Question {
  readonly leaf: Uint8Array
  /** What cannot be read among them is junk and is skipped. */
  readonly untrusted: ReadonlyArray<Uint8Array>
  readonly anchors: ReadonlyArray<Uint8Array>
  /** Milliseconds since 1970. */
  readonly now: number
  readonly purpose: "server" | "client"
  readonly reference?: Reference.Reference
  readonly crls?: ReadonlyArray<Uint8Array>
  /** `off` without it. */
  readonly revocation?: Revocation.Mode
}

export interface Told {
  readonly isAccepted: boolean
  /** `trusted`, or why not, in the words of verdicts. */
  readonly code: string
  /** The leaf first; without the anchor. Empty when there is none. */
  readonly path: ReadonlyArray<Certificate.Certificate>
}

export const ask = (question: Question): Effect.Effect<Told> => {
  const { anchors, crls = [], leaf, now, purpose, reference, revocation = "off", untrusted } = question
  return Chain.validate({
    anchors,
    chain: [leaf, ...untrusted],
    crls,
    now,
    purpose: { peer: purpose, policy: "strict" },
    revocation,
    ...reference === undefined ? {} : { reference }
  }).pipe(Effect.match({
    // Anchors or CRLs that cannot be read: nobody is asked then.
    onFailure: ({ reason }) => refused(reason),
    onSuccess: (answer) =>
      answer._tag === "Accepted"
        ? { isAccepted: true, code: "trusted", path: answer.path }
        : refused(answer.code)
  }))
}

const refused = (code: string): Told => ({ isAccepted: false, code, path: [] })
