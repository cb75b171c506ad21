/**
 * Where we and `openssl verify -x509_strict` answer differently, and why: the whole list. `Differential.test.ts` holds both
 * judges to it, and `docs/x509-deviations-openssl.md` is written from it by `node
 * packages/certificates/test/chains/deviations.ts`.
 */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type Chain, isGood } from "./generate.ts"

export interface Deviation {
  readonly what: string
  /** Who accepts what the other one refuses. */
  readonly accepts: "we" | "openssl"
  readonly rule: string
  /** Who is right; `both` where the rule leaves it open. */
  readonly right: "we" | "openssl" | "both"
  readonly why: string
  readonly covers: (chain: Chain) => boolean
}

const named = (...names: ReadonlyArray<string>) => ({ way }: Chain): boolean =>
  names.some((name) => way.name === name || way.name === `${name} (leaf)` || way.name === `${name} (issuer)`)

export const deviations: ReadonlyArray<Deviation> = [
  {
    what: "the second of notAfter itself",
    accepts: "we",
    rule: "RFC 5280 §4.1.2.5",
    right: "we",
    why: "The period of validity includes notAfter; OpenSSL ends it one second earlier.",
    covers: named("valid until this very second")
  },
  {
    what: "dates, version and extensions of the anchor",
    accepts: "we",
    rule: "RFC 5280 §6.1.1 (d), CERT-42",
    right: "both",
    why: "An anchor is a name and a key. OpenSSL takes it for a certificate of the path.",
    covers: (chain) => chain.way.name.endsWith("(anchor)") && isGood(chain)
  },
  {
    what: "what an issuer has to put into certificates and a validator does not have to ask for",
    accepts: "we",
    rule: "RFC 5280 §4.2.1.1, §4.2.1.2, §4.2.1.3, §4.2.1.9",
    right: "both",
    why: "Key identifiers, keyUsage of an authority, the critical mark of basicConstraints: §6.1 checks none of them, "
      + "`-x509_strict` does.",
    covers: named(
      "no authority key identifier",
      "no subject key identifier",
      "no keyUsage",
      "basicConstraints not critical"
    )
  },
  {
    what: "an authority key identifier that names another key",
    accepts: "we",
    rule: "RFC 5280 §4.2.1.1, CERT-41",
    right: "we",
    why: "It helps to find the issuer and is no condition of §6.1: the signature decides.",
    covers: named("an authority key identifier that lies")
  },
  {
    what: "constraints on SRVName",
    accepts: "we",
    rule: "RFC 4985 §4",
    right: "we",
    why: "OpenSSL 3.0 does not know the form and refuses whoever has both the constraint and the name.",
    covers: (chain) => chain.way.name.startsWith("SRVName ") && isGood(chain)
  },
  {
    what: "a path besides a cross-certificate of somebody who is not trusted",
    accepts: "we",
    rule: "RFC 5280 §6.1, CERT-43",
    right: "we",
    why: "One good path is enough. OpenSSL takes the first issuer that fits and never goes back.",
    covers: ({ shape }) => shape.name === "cross-signed by a stranger"
  },
  {
    what: "a path besides a loop of authorities",
    accepts: "we",
    rule: "RFC 5280 §6.1, CERT-43",
    right: "we",
    why: "OpenSSL goes the long way round, through authorities that lack the policy which is required.",
    covers: ({ shape, way }) => shape.name === "a loop of two authorities" && way.name.includes("policy")
  },
  {
    what: "a certificate for XMPP alone",
    accepts: "we",
    rule: "RFC 6120 §13.7.1.4, CERT-56",
    right: "we",
    why: "id-on-xmppAddr as a purpose is XMPP's own; OpenSSL knows the purposes of TLS only.",
    covers: named("only for XMPP")
  },
  {
    what: "anyExtendedKeyUsage",
    accepts: "we",
    rule: "RFC 5280 §4.2.1.12, CERT-56",
    right: "both",
    why: "An application may ask for its own purpose besides; ours does not.",
    covers: named("for any purpose")
  },
  {
    what: "a wildcard around an excluded name",
    accepts: "openssl",
    rule: "RFC 5280 §4.2.1.10, certificates §4.4",
    right: "we",
    why: "The certificate could be used for the very name that is excluded.",
    covers: named("a wildcard around an excluded name")
  },
  {
    what: "an authority as peer",
    accepts: "openssl",
    rule: "RFC 6120 §13.7.1.1, CERT-31",
    right: "we",
    why: "XMPP forbids it; the Web does not.",
    covers: named("an authority as peer")
  },
  {
    what: "keyUsage of the peer without digitalSignature",
    accepts: "openssl",
    rule: "RFC 8446 §4.4.2.2, CERT-55",
    right: "we",
    why: "TLS 1.3 and every forward-secret suite of TLS 1.2 sign. OpenSSL still allows for key transport.",
    covers: named("may not make signatures", "may only agree on keys")
  },
  {
    what: "the host as Common Name",
    accepts: "openssl",
    rule: "RFC 9525 §2, CERT-63",
    right: "we",
    why: "A Common Name is no identity.",
    covers: named("the host as Common Name and no other name")
  },
  {
    what: "a wildcard as part of a label",
    accepts: "openssl",
    rule: "RFC 9525 §6.3, CERT-72",
    right: "we",
    why: "The star has to be the whole label.",
    covers: named("a part of a label as wildcard")
  },
  {
    what: "BER that is no DER",
    accepts: "openssl",
    rule: "X.690 §10.1, §11.2, CERT-21",
    right: "we",
    why: "Lengths that are indefinite or longer than needed, unused bits that are set: RFC 5280 §4.1 wants DER.",
    covers: named(
      "a length in more octets than needed",
      "a length of four octets",
      "an indefinite length",
      "a signed length in more octets than needed",
      "keyUsage with unused bits that are set"
    )
  },
  {
    what: "octets after the end",
    accepts: "openssl",
    rule: "X.690 §8.1, CERT-20",
    right: "we",
    why: "What follows a value belongs to nothing, after a certificate as after an extension.",
    covers: named("octets after the certificate", "octets after an extension")
  },
  {
    what: "version 4",
    accepts: "openssl",
    rule: "RFC 5280 §4.1.2.1",
    right: "we",
    why: "There is none.",
    covers: named("version 4")
  },
  {
    what: "an unknown extension twice",
    accepts: "openssl",
    rule: "RFC 5280 §4.2, CERT-22",
    right: "we",
    why: "No certificate may have two instances of one extension, known or not.",
    covers: named("an unknown extension twice")
  }
]

/** The page of the documentation. */
export const page = (): string =>
  [
    "# Where we and OpenSSL differ",
    "",
    "Thousands of generated chains, good, or broken in one way, are judged by `@xmpp-e2e/certificates` and by OpenSSL 3.0:",
    "`openssl verify -x509_strict -partial_chain -policy 2.5.29.32.0 -auth_level 2`, with the purpose and the host that are",
    "wanted. They differ in these ways and in no other; the test that says so is",
    "`packages/certificates/test/Differential.test.ts`, and this page is written from its table.",
    "",
    "| what | who accepts it | rule | right | why |",
    "|---|---|---|---|---|",
    ...deviations.map(({ accepts, right, rule, what, why }) =>
      `| ${what} | ${people[accepts]} | ${rule} | ${people[right]} | ${why} |`
    ),
    ""
  ].join("\n")

const people = { we: "we", openssl: "OpenSSL", both: "both" } as const

export const pagePath = fileURLToPath(new URL("../../../../docs/x509-deviations-openssl.md", import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(pagePath, page())
