/**
 * Which of several certificates a holder shows, and in which order (RFC 8446 §4.4.2): its own, then those that may have
 * issued one before. Whether they did, and whether that is worth anything, is for whoever looks at them.
 *
 * @internal
 */
import { type Certificate, isSame, isSelfIssued } from "../Certificate.ts"

/**
 * An issuer that has several certificates (cross-signed) is there with all of them; strangers are left out, namesakes of a
 * self-signed one too.
 */
export const chainOf = (own: Certificate, all: ReadonlyArray<Certificate>): ReadonlyArray<Certificate> => {
  const chain = [own]
  for (const each of chain) {
    if (isSelfIssued(each)) continue
    for (const issuer of all) {
      const isIssuer = issuer.subject.comparable === each.issuer.comparable
      if (isIssuer && !chain.some((known) => isSame(known, issuer))) chain.push(issuer)
    }
  }
  return chain
}
