/** Judges of certificates for simulated ends: honest ones, and two that lie. A certificate is the names in it. */
import { Address } from "@xmpp-e2e/protocol"
import type { Config, Verdict } from "@xmpp-e2e/protocol"
import * as Configs from "../../Configs.ts"
import type { Question } from "../../simulator/Endpoint.ts"

/** `trusting` believes everything, `strict` nothing, and `absent` never answers. */
export type Manner = "honest" | "trusting" | "strict" | "absent"

/** What an end shows: hexadecimal, which is base64 as well. Nothing for who has no certificate. */
export const chainOf = ({ certificate }: Config.Config): ReadonlyArray<string> =>
  certificate === undefined ? [] : [hexOf(certificate.addresses.join(" "))]

export const verdictOf = (manner: Manner, config: Config.Config, { chain }: Question): Verdict.Verdict => {
  const names = chain[0] === undefined ? [] : textOf(chain[0]).split(" ").filter((each) => each !== "")
  const peer = Configs.peerOf(config)
  if (manner === "strict") return rejected("untrustedCa", "Nobody vouches for this certificate.")
  if (manner === "trusting") return accepted([peer], peer)
  const knows = names.some((each) => Address.sameBare(each, peer, config.naming))
  if (config.role === "recipient") return names.length === 0 ? nameless : accepted(names, knows ? peer : undefined)
  if (knows) return accepted(names, peer)
  if (!config.policy.authenticatePeer) return nameless
  return chain.length === 0
    ? rejected("noCertificate", "The peer showed no certificate.")
    : rejected("identityMismatch", `This certificate is not for ${peer}.`)
}

const accepted = (authorised: ReadonlyArray<string>, identity: string | undefined): Verdict.Verdict => ({
  decision: "accept",
  code: "trusted",
  rule: "CERT-85",
  because: "The path ends at an authority we trust.",
  strength: "pki",
  ...(identity === undefined ? {} : { identity }),
  authorised,
  notices: []
})

/** For a peer that may stay, or shall hear in XML why it may not (SASL-40). */
const nameless: Verdict.Verdict = {
  decision: "accept",
  code: "noIdentity",
  rule: "CERT-85",
  because: "Nobody is named.",
  strength: "none",
  authorised: [],
  notices: []
}

const rejected = (code: Verdict.VerdictCode, because: string): Verdict.Verdict => ({
  decision: "reject",
  code,
  rule: "CERT-85",
  because,
  strength: "none",
  authorised: [],
  notices: []
})

const hexOf = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, "0")).join("")

const textOf = (hex: string): string =>
  (hex.match(/.{4}/g) ?? []).map((each) => String.fromCharCode(Number.parseInt(each, 16))).join("")
