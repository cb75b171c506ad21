/**
 * What a peer may show instead of an ordinary certificate, and what then comes through OpenSSL and Node. The third column is
 * what was found with Node 26.10 (OpenSSL 3.5); the tests say if another one does otherwise.
 */
import * as Crypto from "node:crypto"
import { hex, type Keys, make, type Options, sequence, three, tlv } from "./certificates.ts"
import type { Script } from "./handmade.ts"

/**
 * - `same`: the judge is asked with the bytes that were sent
 * - `rewritten`: the same, but for the encoding of what is around the signed part
 * - `refused`: the handshake fails
 */
export type Fate = "same" | "rewritten" | "refused"

export interface Oddity {
  readonly what: string
  readonly script: Script
  /** As a client sees it of a server, and a server of a client. */
  readonly client: Fate
  readonly server: Fate
}

export const oddities = (): ReadonlyArray<
  Oddity
> => [...contents(), ...keys(), ...encodings(), ...chains(), ...silences()]

const contents = (): ReadonlyArray<Oddity> => {
  const odd = (what: string, options: Partial<Options>, client: Fate = "same", server: Fate = client): Oddity =>
    showing(what, make({ name: "odd", ...options }), client, server)
  return [
    odd("version 1", { version: 1 }),
    odd("NUL in a DNS name", { extensions: names(tlv(0x82, hex("61002e62"))) }),
    odd("an XmppAddr that is not UTF-8", { extensions: names(xmppAddr(tlv(0x0c, hex("fffe00")))) }),
    odd("an XmppAddr of another type", { extensions: names(xmppAddr(tlv(0x1e, hex("00610062")))) }),
    odd("names that are no names", { extensions: extension("551d11", hex("deadbeef")) }, "same", "refused"),
    odd(
      "names twice",
      { extensions: sequence(inner("551d11", hex("3000")), inner("551d11", hex("3000"))) },
      "same",
      "refused"
    ),
    odd("an extended key usage of XMPP alone (CERT-58)", {
      extensions: extension("551d25", sequence(oid("2b06010505070805")))
    }),
    odd("an extended key usage of code alone", { extensions: extension("551d25", sequence(oid("2b06010505070303"))) }),
    odd("key usage that is no bit string", { extensions: extension("551d0f", hex("0500"), true) }, "same", "refused"),
    odd("key usage without a use", { extensions: extension("551d0f", hex("03020700"), true) }, "same", "refused"),
    odd("constraints that are none", { extensions: extension("551d13", hex("deadbeef"), true) }, "same", "refused"),
    odd("an unknown critical extension", { extensions: extension("2b06010401869f01", hex("0500"), true) }),
    odd("an extension of 60 000 octets", { extensions: extension("2b06010401869f01", new Uint8Array(60_000)) }),
    odd("no extension in the list of extensions", { extensions: sequence() }),
    odd("a negative serial number", { serial: hex("ff01") }),
    odd("the serial number 0", { serial: hex("00") }),
    odd("a serial number of 60 octets", { serial: new Uint8Array(60).fill(1) }),
    odd("an empty subject", { subject: sequence() }),
    odd("a subject that is not UTF-8", { subject: commonName(0x0c, hex("fffe80")) }, "refused"),
    odd("a subject of half a character", { subject: commonName(0x1e, hex("006100")) }, "refused"),
    odd("a subject with NUL", { subject: commonName(0x13, hex("610062")) }),
    odd("expired", { notAfter: "250102000000Z" }),
    odd("over before it begins", { notAfter: "240102000000Z" }),
    odd("a date that is none", { notAfter: "not a date..." }),
    odd("an authority as end entity", { authority: true })
  ]
}

const keys = (): ReadonlyArray<Oddity> => {
  const issuer = make({ name: "an authority", authority: true })
  const odd = (what: string, pair: Keys, fate: Fate = "same"): Oddity =>
    showing(what, make({ name: "odd", issuer, keys: pair }), fate)
  const ec = (namedCurve: string, paramEncoding: "named" | "explicit" = "named"): Keys =>
    Crypto.generateKeyPairSync("ec", { namedCurve, paramEncoding })
  return [
    odd("P-384", ec("P-384")),
    odd("P-521", ec("P-521")),
    odd("P-256 by explicit parameters", ec("P-256", "explicit")),
    odd("a curve that TLS 1.3 does not know", ec("secp256k1"), "refused"),
    odd("Ed25519", Crypto.generateKeyPairSync("ed25519")),
    odd("Ed448", Crypto.generateKeyPairSync("ed448")),
    odd(
      "X25519, which cannot sign",
      { ...issuer.keys, publicKey: Crypto.generateKeyPairSync("x25519").publicKey },
      "refused"
    ),
    odd("RSA of 1024 bits", Crypto.generateKeyPairSync("rsa", { modulusLength: 1024 })),
    odd("RSA-PSS", Crypto.generateKeyPairSync("rsa-pss", { modulusLength: 2048 }))
  ]
}

const encodings = (): ReadonlyArray<Oddity> => {
  const good = make({ name: "good" })
  const other = make({ name: "other" })
  const body = Buffer.from(good.der.subarray(4))
  const inTwo = (octets: Uint8Array): Uint8Array => Buffer.concat([octets, Uint8Array.of(0)])
  const longer = Buffer.concat([hex("308300"), good.der.subarray(2)])
  const indefinite = Buffer.concat([hex("3080"), body, hex("0000")])
  const rows: ReadonlyArray<readonly [what: string, octets: Uint8Array, fate: Fate]> = [
    ["no octets", hex(""), "refused"],
    ["text", Buffer.from("-----BEGIN CERTIFICATE-----"), "refused"],
    ["an empty sequence", sequence(), "refused"],
    ["a torn certificate", good.der.subarray(0, -1), "refused"],
    ["an octet after the certificate", inTwo(good.der), "refused"],
    ["an octet after the signature", sequence(body, Uint8Array.of(0)), "refused"],
    ["a value after the signature", sequence(body, hex("0500")), "refused"],
    ["two certificates in one", Buffer.concat([good.der, other.der]), "refused"],
    ["a length that is longer than needed", longer, "rewritten"],
    ["an indefinite length", indefinite, "rewritten"]
  ]
  return rows.flatMap(([what, octets, fate]) => [
    list(what, [octets], good.keys.privateKey, fate),
    list(`${what}, in second place`, [other.der, octets, good.der], other.keys.privateKey, fate)
  ])
}

const chains = (): ReadonlyArray<Oddity> => {
  const [leaf, middle, root] = three("juliet@pronto")
  const stranger = make({ name: "a stranger" })
  const key = leaf.keys.privateKey
  const ders = [leaf, middle, root].map(({ der }) => der)
  const row = (what: string, more: ReadonlyArray<Uint8Array>, fate: Fate = "same"): Oddity =>
    list(what, [leaf.der, ...more], key, fate)
  return [
    row("in order", [middle.der, root.der]),
    row("in the wrong order", [root.der, middle.der]),
    row("with a gap", [root.der]),
    row("with strangers in between", [stranger.der, middle.der, stranger.der, root.der]),
    row("everything twice", [...ders, ...ders]),
    row("the same end entity three times", [leaf.der, leaf.der]),
    row("100 certificates", Array.from({ length: 99 }, () => middle.der)),
    row("101 certificates", Array.from({ length: 100 }, () => middle.der), "refused"),
    row("more than OpenSSL takes", Array.from({ length: 400 }, () => middle.der), "refused"),
    list("the end entity last", ders.toReversed(), root.keys.privateKey, "same")
  ]
}

/** Who does not prove to have the key is nobody. */
const silences = (): ReadonlyArray<Oddity> => {
  const { der, keys } = make({ name: "good" })
  const other = make({ name: "other" })
  const row = (what: string, script: Script, server: Fate = "refused"): Oddity => ({
    what,
    script,
    client: "refused",
    server
  })
  const shown = [{ certificate: der }]
  return [
    row("no certificate", { entries: [] }, "same"),
    row("no certificate, but a signature", { entries: [], key: keys.privateKey }),
    row("no message of certificates", { entries: [], mute: true }),
    row("a certificate without a signature", { entries: shown }),
    row("a certificate with the signature of another key", { entries: shown, key: other.keys.privateKey }),
    row("the key of the second certificate", {
      entries: [...shown, { certificate: other.der }],
      key: other.keys.privateKey
    })
  ]
}

const showing = (what: string, made: ReturnType<typeof make>, client: Fate, server = client): Oddity =>
  list(what, [made.der], made.keys.privateKey, client, server)

const list = (
  what: string,
  certificates: ReadonlyArray<Uint8Array>,
  key: Crypto.KeyObject,
  client: Fate,
  server = client
): Oddity => ({
  what,
  script: { entries: certificates.map((certificate) => ({ certificate })), key },
  client,
  server
})

const oid = (content: string): Uint8Array => tlv(0x06, hex(content))
const inner = (id: string, value: Uint8Array, critical = false): Uint8Array =>
  sequence(oid(id), ...(critical ? [tlv(0x01, hex("ff"))] : []), tlv(0x04, value))
const extension = (id: string, value: Uint8Array, critical = false): Uint8Array => sequence(inner(id, value, critical))
const names = (...each: ReadonlyArray<Uint8Array>): Uint8Array => extension("551d11", sequence(...each))
const xmppAddr = (value: Uint8Array): Uint8Array => tlv(0xa0, oid("2b06010505070805"), tlv(0xa0, value))
const commonName = (tag: number, value: Uint8Array): Uint8Array =>
  sequence(tlv(0x31, sequence(oid("550403"), tlv(tag, value))))
