/** What else may happen: headers, facts of TLS, verdicts, sessions. Each list is ordered from the likely to the odd. */
import { Header } from "@xmpp-e2e/protocol"
import type { Config, Event, Verdict } from "@xmpp-e2e/protocol"
import type { Element, Fault } from "@xmpp-e2e/xml"
import * as Configs from "../Configs.ts"

export type HeaderEvent = Extract<Event.Event, { readonly _tag: "HeaderReceived" }>

/** A header as this peer would write it, changed in one place. */
export const headers: ReadonlyArray<(config: Config.Config, seq: number) => HeaderEvent> = [
  (config, seq) => received(tagOf(config, seq), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { from: undefined }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { version: undefined }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { to: undefined, id: undefined }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { version: "0.9" }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { version: "2.0" }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { version: "one" }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { from: strangerOf(config) }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { to: strangerOf(config) }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { to: `former-${config.self}` }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { to: `alias-${config.self}` }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { from: "@" }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { to: "@" }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { from: "" }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { from: `${Configs.peerOf(config)}/balcony` }), seq),
  (config, seq) => received(withAttributes(tagOf(config, seq), { id: "always-the-same" }), seq),
  (config, seq) => received({ ...tagOf(config, seq), name: "steam" }, seq),
  (config, seq) => received({ ...tagOf(config, seq), namespace: "urn:example:other" }, seq),
  (config, seq) => received({ ...tagOf(config, seq), prefix: "s" }, seq),
  (config, seq) => received({ ...tagOf(config, seq), declarations: [] }, seq),
  (config, seq) =>
    received({ ...tagOf(config, seq), declarations: [{ prefix: "", namespace: "urn:example:other" }] }, seq),
  (config, seq) => received(withLanguage(tagOf(config, seq), "de-AT"), seq),
  (config, seq) => received(withLanguage(tagOf(config, seq), "!"), seq),
  (config, seq) => ({ ...received(tagOf(config, seq), seq), overloaded: true })
]

export const handshakes: ReadonlyArray<Event.TlsFacts> = [
  { protocol: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", resumed: false, chain: ["MIIB", "MIIC"] },
  { protocol: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", resumed: false, chain: [] },
  { protocol: "TLSv1.2", cipher: "ECDHE-ECDSA-AES128-GCM-SHA256", resumed: true, chain: ["MIIB"] }
]

/** Verdicts as honest judges give them, and as mad ones might. */
export const verdicts: ReadonlyArray<(config: Config.Config) => Verdict.Verdict> = [
  (config) => accepted({ identity: Configs.peerOf(config), authorised: [Configs.peerOf(config)] }),
  (config) =>
    accepted({
      identity: Configs.peerOf(config),
      authorised: [Configs.peerOf(config), strangerOf(config)],
      expiresIn: 86_400_000
    }),
  () => ({ ...accepted({ authorised: [] }), code: "noCertificate", strength: "none" }),
  () => ({
    ...accepted({ authorised: [] }),
    decision: "reject",
    code: "untrustedCa",
    because: "Nobody vouches for this certificate.",
    strength: "none"
  }),
  (config) => accepted({ identity: strangerOf(config), authorised: [strangerOf(config)] }),
  (config) => accepted({ identity: Configs.peerOf(config), authorised: [`*.${strangerOf(config).split("@")[1]}`] }),
  (config) => accepted({ authorised: [Configs.peerOf(config)] }),
  (config) => ({
    ...accepted({ identity: Configs.peerOf(config), authorised: [Configs.peerOf(config)] }),
    strength: "none"
  }),
  (config) => accepted({ identity: Configs.peerOf(config), authorised: [Configs.peerOf(config)], expiresIn: 1 })
]

export const sessions: ReadonlyArray<(config: Config.Config) => Event.Resumption | undefined> = [
  (config) => sessionOf(config),
  () => undefined,
  (config) => ({ ...sessionOf(config), identity: strangerOf(config) }),
  (config) => ({ ...sessionOf(config), handled: 0xffffffff, sent: 0, unacknowledged: [] })
]

export const faults: ReadonlyArray<Fault.FaultKind> = [
  "notWellFormed",
  "restricted",
  "encoding",
  "xmlVersion",
  "textAtRoot",
  "nestedRoot",
  "elementTooBig",
  "headerTooBig",
  "tooDeep",
  "tooManyAttributes"
]

export const freshId = (seq: number): string => `fresh-${seq}`

const sessionOf = (config: Config.Config): Event.Resumption => Configs.sessionOf(config, config.policy.contentNamespace)

const strangerOf = ({ naming }: Config.Config): string => Configs.people[naming].stranger

const received = (tag: Element.RootTag, seq: number): HeaderEvent => ({
  _tag: "HeaderReceived",
  tag,
  freshId: freshId(seq)
})

const tagOf = (config: Config.Config, seq: number): Element.RootTag =>
  Header.toRootTag({
    to: config.self,
    from: Configs.peerOf(config),
    ...(config.role === "initiator" ? { id: `id-${seq}` } : {}),
    version: "1.0",
    lang: "en",
    contentNamespace: config.policy.contentNamespace
  })

const withAttributes = (
  tag: Element.RootTag,
  changed: Readonly<Record<string, string | undefined>>
): Element.RootTag => ({
  ...tag,
  attributes: [
    ...tag.attributes.filter(({ name }) => !(name in changed)),
    ...Object.entries(changed).flatMap(([name, value]) => value === undefined ? [] : [{ name, value }])
  ]
})

const withLanguage = (tag: Element.RootTag, value: string): Element.RootTag => ({
  ...tag,
  attributes: tag.attributes.map((each) => each.name === "lang" ? { ...each, value } : each)
})

const accepted = (
  more: Pick<Verdict.Verdict, "authorised"> & Partial<Pick<Verdict.Verdict, "expiresIn" | "identity">>
): Verdict.Verdict => ({
  decision: "accept",
  code: "trusted",
  rule: "CERT-85",
  because: "The path ends at an authority we trust.",
  strength: "pki",
  notices: [],
  ...more
})
