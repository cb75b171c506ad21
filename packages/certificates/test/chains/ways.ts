/**
 * Dates, signatures, keys, and what a certificate may be used for. Expected answers follow RFC 5280 §6.1 and certificates §4.
 */
import * as oids from "../../src/internal/oids.ts"
import * as Encode from "../encode.ts"
import { dns, now } from "../making.ts"
import { type Draft, withExtension, withoutExtension } from "./draft.ts"
import type { Key } from "./keys.ts"
import {
  alternativeNames,
  basicConstraints,
  change,
  extend,
  extKeyUsage,
  host,
  issuerAt,
  keyUsage,
  leafAt,
  type Line,
  nameOf,
  rekey,
  spareKey
} from "./line.ts"
import { onAnchor, onAny, onBoth, onIssuer, onLeaf, type Way, way } from "./way.ts"
import { encodings } from "./wayEncodings.ts"
import { names } from "./wayNames.ts"
import { policies } from "./wayPolicies.ts"

const second = 1000

const untouched: ReadonlyArray<Way> = [way("nothing", "trusted", (line) => line)]

const dates: ReadonlyArray<Way> = [
  ...onBoth("expired a second ago", "expired", (draft) => ({ ...draft, notAfter: now - second })),
  ...onBoth("valid from the next second on", "notYetValid", (draft) => ({ ...draft, notBefore: now + second })),
  ...onBoth("valid until this very second", "trusted", (draft) => ({ ...draft, notAfter: now })),
  ...onBoth("valid from this very second on", "trusted", (draft) => ({ ...draft, notBefore: now })),
  onAny("valid until before it is valid", ["expired", "notYetValid"], (draft) => ({
    ...draft,
    notBefore: draft.notAfter,
    notAfter: draft.notBefore
  })),
  onAnchor("expired", "trusted", (draft) => ({ ...draft, notAfter: now - second })),
  onAnchor("not yet valid", "trusted", (draft) => ({ ...draft, notBefore: now + second }))
]

const flip = (octets: Uint8Array): Uint8Array => octets.map((each, at) => at === octets.length - 1 ? each ^ 1 : each)

const signatures: ReadonlyArray<Way> = [
  ...onBoth("a changed bit in the signature", ["badSignature", "untrustedCa"], (draft) => ({
    ...draft,
    spoilt: { signature: flip }
  })),
  ...onBoth("a signed byte changed after signing", ["badSignature", "untrustedCa"], (draft) => ({
    ...draft,
    spoilt: {
      whole: (tbs, algorithm, signature) =>
        // The last octet belongs to the identifier of a key.
        Encode.sequence(flip(tbs), algorithm, signature)
    }
  })),
  way(
    "signed by another key than the issuer's (leaf)",
    ["badSignature", "untrustedCa"],
    (line) => change(line, leafAt(line), (draft) => ({ ...draft, signedBy: spareKey(line.pool, 3) }))
  ),
  way(
    "signed by another key than the issuer's (issuer)",
    ["badSignature", "untrustedCa"],
    (line, random) =>
      change(line, issuerAt(line, random), (draft) => ({
        ...draft,
        signedBy: spareKey(line.pool, 3)
      })),
    1
  ),
  ...onBoth("issued under another name than the issuer's", ["nameChaining", "untrustedCa"], (draft) => ({
    ...draft,
    issuer: nameOf("Chains", "Nobody")
  })),
  way(
    "issued under the name in other letters",
    "trusted",
    (line) => change(line, leafAt(line), (draft) => ({ ...draft, issuer: inCapitals(draft.issuer) }))
  ),
  way("no anchor", "untrustedCa", (line) => {
    const other = spareKey(line.pool, 3)
    const moved = change(
      line,
      0,
      (draft) => ({ ...draft, subject: nameOf("Elsewhere", "Root"), key: other, signedBy: other })
    )
    return change(moved, 0, (draft) => ({ ...draft, issuer: draft.subject }))
  })
]

const inCapitals = (name: Uint8Array): Uint8Array =>
  // Tags and lengths are no letters: none of them is 0x61 or above here.
  name.map((each) => each >= 0x61 && each <= 0x7a ? each - 0x20 : each)

const sha1 = (line: Line, at: number): Line => {
  const rekeyed = rekey(line, Math.max(at - 1, 0), lastOf(line.pool.rsa2048))
  return change(rekeyed, at, (draft) => ({ ...draft, isSha1: true }))
}

const short = (line: Line, at: number): Line => rekey(line, at, lastOf(line.pool.rsa1024))

const lastOf = (keys: ReadonlyArray<Key>): Key => {
  const [key] = keys.slice(-1)
  if (key === undefined) throw new Error("there is no such key")
  return key
}

const keys: ReadonlyArray<Way> = [
  way("signed with SHA-1 (leaf)", "weakSignature", (line) => sha1(line, leafAt(line))),
  way("signed with SHA-1 (issuer)", "weakSignature", (line, random) => sha1(line, issuerAt(line, random)), 1),
  way("signed with SHA-1 (anchor)", "trusted", (line) => sha1(line, 0)),
  way("RSA of 1024 bits (leaf)", "weakKey", (line) => short(line, leafAt(line))),
  way("RSA of 1024 bits (issuer)", "weakKey", (line, random) => short(line, issuerAt(line, random)), 1),
  way("RSA of 1024 bits (anchor)", "weakKey", (line) => short(line, 0))
]

const without = (oid: string) => (draft: Draft): Draft => withoutExtension(draft, oid)

const authorities: ReadonlyArray<Way> = [
  onIssuer("no basicConstraints", "notACa", without(oids.basicConstraints)),
  onIssuer("cA FALSE", "notACa", (draft) => withExtension(draft, basicConstraints(false))),
  onIssuer("version 1", "notACa", (draft) => ({ ...draft, version: 1 })),
  onIssuer("may not sign certificates", "keyUsage", (draft) => withExtension(draft, keyUsage(0, 6))),
  onIssuer("no keyUsage", "trusted", without(oids.keyUsage)),
  onIssuer("no subject key identifier", "trusted", without(oids.subjectKeyIdentifier)),
  ...onBoth("no authority key identifier", "trusted", without(oids.authorityKeyIdentifier)),
  ...onBoth("an authority key identifier that lies", "trusted", (draft) =>
    withExtension(draft, {
      oid: oids.authorityKeyIdentifier,
      isCritical: false,
      value: Encode.sequence(Encode.value(0x80, Uint8Array.of(9, 9, 9)))
    })),
  onIssuer(
    "basicConstraints not critical",
    "trusted",
    (draft) => withExtension(draft, { ...basicConstraints(true), isCritical: false })
  ),
  onAnchor("version 1", "trusted", (draft) => ({ ...draft, version: 1 })),
  onAnchor("no basicConstraints", "trusted", without(oids.basicConstraints)),
  onAnchor("cA FALSE", "trusted", (draft) => withExtension(draft, basicConstraints(false))),
  onAnchor("may not sign certificates", "trusted", (draft) => withExtension(draft, keyUsage(0, 6))),
  way("a path longer than allowed", "pathLength", (line) => extend(line, 1, basicConstraints(true, 0)), 2),
  way(
    "a path just as long as allowed",
    "trusted",
    (line) => extend(line, 1, basicConstraints(true, line.drafts.length - 3)),
    1
  ),
  onLeaf(
    "an authority as peer",
    "eeIsCa",
    (draft) => [basicConstraints(true), keyUsage(0, 5)].reduce(withExtension, draft)
  )
]

const unknown = (isCritical: boolean) => (draft: Draft): Draft =>
  withExtension(draft, { oid: "1.3.6.1.4.1.55738.666", isCritical, value: Encode.nothing() })

const withUsage = (...bits: ReadonlyArray<number>) => (draft: Draft): Draft => withExtension(draft, keyUsage(...bits))

const withPurposes = (...purposes: ReadonlyArray<string>) => (draft: Draft): Draft =>
  withExtension(draft, extKeyUsage(...purposes))

const codeSigning = "1.3.6.1.5.5.7.3.3"

const uses: ReadonlyArray<Way> = [
  onLeaf("may not make signatures", "keyUsage", withUsage(2)),
  onLeaf("may only agree on keys", "keyUsage", withUsage(4)),
  onLeaf("no keyUsage", "trusted", without(oids.keyUsage)),
  ...onBoth("only for signing code", "purpose", withPurposes(codeSigning)),
  way(
    "only for the other role (leaf)",
    "purpose",
    (line) => extend(line, leafAt(line), extKeyUsage(line.purpose === "server" ? oids.clientAuth : oids.serverAuth))
  ),
  way("only for the other role (issuer)", "purpose", (line, random) =>
    extend(
      line,
      issuerAt(line, random),
      extKeyUsage(line.purpose === "server" ? oids.clientAuth : oids.serverAuth)
    ), 1),
  onLeaf("only for XMPP", "trusted", withPurposes(oids.xmppAddr)),
  onLeaf("for any purpose", "trusted", withPurposes(oids.anyExtendedKeyUsage)),
  ...onBoth("for both roles", "trusted", withPurposes(oids.serverAuth, oids.clientAuth)),
  ...onBoth("an unknown critical extension", "unknownCritical", unknown(true)),
  ...onBoth("an unknown extension that is not critical", "trusted", unknown(false))
]

const subjects: ReadonlyArray<Way> = [
  onLeaf(
    "an empty subject with critical names",
    "trusted",
    (draft) => withExtension({ ...draft, subject: Encode.sequence() }, alternativeNames([dns(host)], true))
  ),
  onLeaf("an empty subject with names that are not critical", "emptySubject", (draft) => ({
    ...draft,
    subject: Encode.sequence()
  })),
  onLeaf(
    "an empty subject without names",
    "emptySubject",
    (draft) => withoutExtension({ ...draft, subject: Encode.sequence() }, oids.subjectAltName)
  )
]

export const ways: ReadonlyArray<Way> = [
  ...untouched,
  ...dates,
  ...signatures,
  ...keys,
  ...authorities,
  ...uses,
  ...subjects,
  ...names,
  ...policies,
  ...encodings
]
