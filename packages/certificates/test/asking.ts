/**
 * Asks whether certificates are revoked, in few words.
 */
import * as Effect from "effect/Effect"
import type * as Crl from "../src/Crl.ts"
import * as Revocation from "../src/Revocation.ts"
import { authority, make, now, type Party, type Spec } from "./making.ts"

/** What is known, and when it is asked. */
export interface Asked {
  readonly crls?: ReadonlyArray<Crl.Crl>
  readonly issuers?: ReadonlyArray<Party>
  readonly staple?: Uint8Array
  readonly at?: number
}

export const evidenceOf = ({ crls = [], issuers = [], staple }: Asked): Revocation.Evidence => ({
  crls,
  issuers: issuers.map(({ certificate }) => certificate),
  ...staple === undefined ? {} : { staple }
})

export const status = (certificate: Party, authorities: ReadonlyArray<Party>, asked: Asked) =>
  Revocation.status({
    certificate: certificate.certificate,
    authorities: authorities.map((each) => each.certificate),
    evidence: evidenceOf(asked),
    now: asked.at ?? now
  })

export const tagOf = Effect.fnUntraced(function*(certificate: Party, authorities: ReadonlyArray<Party>, asked: Asked) {
  return (yield* status(certificate, authorities, asked))._tag
})

export const scene = (spec: Spec = {}) =>
  Effect.gen(function*() {
    const ca = yield* authority("CA")
    return { ca, leaf: yield* make({ issuer: ca, ...spec }) }
  })
