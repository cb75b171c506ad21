/**
 * What a verdict rests on, under the veil: the certificates with other names and their dates to the day, so that nobody
 * looks them up in a public log; of the claims the rules and how each came out, not the words, which hold names.
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import { mask, perhaps, rule, type Veil } from "./veil.ts"

/** @internal */
export const evidence = ({ certificates, proof }: Verdict.Evidence, veil: Veil): Verdict.Evidence => ({
  certificates: certificates.map((each) => certificate(each, veil)),
  proof: claim(proof)
})

const certificate = (of: Verdict.CertificateFacts, veil: Veil): Verdict.CertificateFacts => ({
  sent: of.sent,
  subject: veil.id(of.subject),
  issuer: veil.id(of.issuer),
  serial: veil.fingerprint(of.serial),
  names: of.names.map((each) => ({ kind: each.kind, value: name(each, veil) })),
  notBefore: midnight(of.notBefore),
  // The end of the day; a zero without its sign, since JSON has none.
  notAfter: 0 - midnight(-of.notAfter),
  key: keys.test(of.key) ? of.key : mask(of.key),
  ...perhaps("fingerprint", of.fingerprint, veil.fingerprint)
})

/** The last midnight up to a moment, by remainders, which do not overflow. */
const midnight = (millis: number): number => millis - (millis % day + day) % day + 0

const name = ({ kind, value }: Verdict.CertificateName, veil: Veil): string => {
  switch (kind) {
    case "xmppAddr":
      return veil.address(value)
    case "dnsName":
      return veil.authorised(value)
    case "ipAddress":
      return veil.host(value)
    case "srvName": {
      const service = services.find((each) => value.startsWith(each))
      return service === undefined ? veil.host(value) : service + veil.address(value.slice(service.length))
    }
  }
}

const claim = (of: Verdict.Claim): Verdict.Claim => ({
  about: of.about,
  words: mask(of.words),
  holds: of.holds,
  needs: of.needs,
  reasons: of.reasons.map(claim),
  ...perhaps("rule", of.rule, rule),
  ...perhaps("source", of.source, source),
  ...perhaps("found", of.found, mask),
  ...(of.certificate === undefined ? {} : { certificate: of.certificate })
})

/** Documents and their parts, whoever names them; anything else is somebody's words. */
const source = (text: string): string =>
  text.length <= sourceCharsMax && text.split(/[ ,;]+/).every((each) => parts.test(each)) ? text : mask(text)

const parts = /^(?:RFC|XEP-[0-9]{4}|[0-9]{4}|§[0-9]{1,2}(?:\.[0-9]{1,2}){0,4}|(?:\([a-z0-9]{1,2}\)){1,3}|to|and)$/
const sourceCharsMax = 80
const keys = /^(?:RSA [0-9]{3,5}|P-256|P-384|P-521|Ed25519|Ed448)$/
const services = ["_xmpp-client.", "_xmpp-server."]
const day = 86_400_000
