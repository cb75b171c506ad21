/**
 * Who runs: from the same octets to an answer, nothing kept from one chain to the next. The others do what their users
 * write; they check less than we do.
 */
import "reflect-metadata"
import * as X509 from "@peculiar/x509"
import * as Pkijs from "pkijs"
import type { Chain } from "./chain.ts"
import * as Ours from "./ours.ts"

export interface Contender {
  readonly name: string
  readonly isValid: (chain: Chain) => Promise<boolean>
}

/** The builder verifies the signatures on its way; dates and the anchor are left to its user. */
const builder = async ({ anchor, intermediate, leaf, now }: Chain): Promise<boolean> => {
  const trusted = new X509.X509Certificate(anchor)
  const chain = await new X509.X509ChainBuilder({
    certificates: [new X509.X509Certificate(intermediate), trusted]
  }).build(new X509.X509Certificate(leaf))
  const at = new Date(now)
  return chain.at(-1)?.equal(trusted) === true
    && chain.every(({ notAfter, notBefore }) => notBefore <= at && at <= notAfter)
}

/** For a chain whose order is known: no building, and the least that can be called a verification. */
const inOrder = async ({ anchor, intermediate, leaf, now }: Chain): Promise<boolean> => {
  const [first, second, trusted] = [leaf, intermediate, anchor].map((each) => new X509.X509Certificate(each))
  if (first === undefined || second === undefined || trusted === undefined) return false
  const date = new Date(now)
  return await second.verify({ publicKey: trusted, date }) && await first.verify({ publicKey: second, date })
}

const pkijs = async ({ anchor, intermediate, leaf, now }: Chain): Promise<boolean> => {
  const engine = new Pkijs.CertificateChainValidationEngine({
    trustedCerts: [Pkijs.Certificate.fromBER(anchor)],
    certs: [Pkijs.Certificate.fromBER(intermediate), Pkijs.Certificate.fromBER(leaf)],
    checkDate: new Date(now)
  })
  return (await engine.verify()).result
}

/** Ours first: the others are measured against it. */
export const contenders: ReadonlyArray<Contender> = [
  { name: "ours", isValid: Ours.isValid },
  { name: "ours, the same chain again", isValid: Ours.again },
  { name: "@peculiar/x509, chain builder and dates", isValid: builder },
  { name: "@peculiar/x509, in order, two signatures and dates", isValid: inOrder },
  { name: "pkijs, chain validation engine", isValid: pkijs }
]
