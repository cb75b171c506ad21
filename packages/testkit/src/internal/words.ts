/** What a peer may say, word for word: first-level elements of every kind, right and wrong ones. */
import { Namespace } from "@xmpp-e2e/protocol"
import type { Config } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Configs from "../Configs.ts"

type El = Element.Element
type Attributes = Readonly<Record<string, string | undefined>>

const { make } = Element

const inTls = (name: string, children: ReadonlyArray<Element.Node> = []): El => make(Namespace.tls, name, {}, children)

const inSasl = (name: string, children: ReadonlyArray<Element.Node> = [], attributes: Attributes = {}): El =>
  make(Namespace.sasl, name, attributes, children)

const inSm = (name: string, attributes: Attributes = {}, children: ReadonlyArray<Element.Node> = []): El =>
  make(Namespace.management, name, attributes, children)

const inStream = (name: string, children: ReadonlyArray<Element.Node> = []): El =>
  make(Namespace.stream, name, {}, children)

const mechanisms = (...names: ReadonlyArray<string>): El =>
  inSasl("mechanisms", names.map((name) => inSasl("mechanism", [name])))

const bareStarttls = inTls("starttls")
const insistingStarttls = inTls("starttls", [inTls("required")])
const managementOffer = inSm("sm")

export const features = {
  none: inStream("features"),
  starttls: inStream("features", [bareStarttls]),
  required: inStream("features", [insistingStarttls]),
  voluntary: inStream("features", [bareStarttls, Configs.caps]),
  external: inStream("features", [mechanisms("EXTERNAL")]),
  choice: inStream("features", [mechanisms("PLAIN", "EXTERNAL"), Configs.caps]),
  plain: inStream("features", [mechanisms("PLAIN")]),
  bind: inStream("features", [make(Namespace.bind, "bind")]),
  unknown: inStream("features", [make("urn:example:new", "new", {}, [make("urn:example:new", "required")])]),
  management: inStream("features", [managementOffer]),
  all: inStream("features", [bareStarttls, mechanisms("EXTERNAL"), managementOffer, Configs.caps])
} as const

const offer = (...methods: ReadonlyArray<El>): El => make(Namespace.c2cOffer, "offer", {}, methods)
const keyinfo = make(Namespace.c2cKey, "keyinfo", {}, [make(Namespace.c2cKey, "name", {}, ["C04AF2"])])

export const tls = {
  starttls: bareStarttls,
  text: inTls("starttls", ["now"]),
  offer: inTls("starttls", [offer(keyinfo)]),
  hopeless: inTls("starttls", [offer(make(Namespace.c2cOffer, "srp"))]),
  proceed: inTls("proceed"),
  proceedOffer: inTls("proceed", [offer(keyinfo)]),
  failure: inTls("failure"),
  unknown: inTls("unknown")
} as const

const external = { mechanism: "EXTERNAL" }

/** Base64 of nothing but letters, which is what most wrong guesses look like. */
export const sasl = {
  auth: inSasl("auth", ["="], external),
  authEmpty: inSasl("auth", [], external),
  authBroken: inSasl("auth", ["@@@"], external),
  authNul: inSasl("auth", ["AGE="], external),
  authLatin: inSasl("auth", ["/w=="], external),
  authStranger: inSasl("auth", ["cGFyaXNAdmVyb25h"], external),
  authResource: inSasl("auth", ["YUBiL2M="], external),
  authChild: inSasl("auth", [inSasl("child")], external),
  authPlain: inSasl("auth", ["AGEAYg=="], { mechanism: "PLAIN" }),
  authNameless: inSasl("auth", ["="]),
  response: inSasl("response", ["="]),
  responseEmpty: inSasl("response"),
  responseBroken: inSasl("response", ["@"]),
  responseChild: inSasl("response", [inSasl("child")]),
  abort: inSasl("abort"),
  challenge: inSasl("challenge"),
  challengeText: inSasl("challenge", ["cj0x"]),
  success: inSasl("success"),
  successText: inSasl("success", ["cj0x"]),
  failure: inSasl("failure", [inSasl("not-authorized")]),
  failureOdd: inSasl("failure", [inSasl("never-heard-of"), inSasl("text", ["no"])]),
  failureNone: inSasl("failure"),
  unknown: inSasl("unknown")
} as const

export const management = {
  enable: inSm("enable"),
  enableResume: inSm("enable", { resume: "true" }),
  enabled: inSm("enabled"),
  enabledResume: inSm("enabled", { id: "session-9", resume: "1" }),
  failed: inSm("failed", { h: "4" }, [make(Namespace.stanzaErrors, "item-not-found")]),
  resume: inSm("resume", { previd: "session-1", h: "4" }),
  resumeHigh: inSm("resume", { previd: "session-1", h: "77" }),
  resumeBare: inSm("resume"),
  resumed: inSm("resumed", { previd: "session-1", h: "4" }),
  resumedHigh: inSm("resumed", { previd: "session-1", h: "4000000000" }),
  resumedOther: inSm("resumed", { previd: "session-2", h: "4" }),
  request: inSm("r"),
  none: inSm("a", { h: "0" }),
  one: inSm("a", { h: "1" }),
  two: inSm("a", { h: "2" }),
  high: inSm("a", { h: "4294967295" }),
  countless: inSm("a"),
  worded: inSm("a", { h: "many" }),
  unknown: inSm("unknown")
} as const

export const odd = {
  noNamespace: make("", "message"),
  otherContent: make(Namespace.server, "message"),
  inContent: make(Namespace.client, "greeting"),
  inServer: make(Namespace.server, "greeting"),
  inStream: inStream("greeting"),
  extension: make("urn:example:new", "new", { to: "nobody" }, ["text", make("", "inside")])
} as const

const condition = (name: string, ...children: ReadonlyArray<string>): El =>
  make(Namespace.streamErrors, name, {}, children)

export const errors = {
  conflict: inStream("error", [condition("conflict"), condition("text", "elsewhere")]),
  redirect: inStream("error", [condition("see-other-host", "elsewhere.example:5223")]),
  unknown: inStream("error", [condition("never-heard-of"), make("urn:example:new", "more")]),
  none: inStream("error")
} as const

/** Stanzas have to name somebody, so they depend on who talks to whom. */
export const stanzas = (config: Config.Config, seq: number) => {
  const { contentNamespace } = config.policy
  const from = Configs.peerOf(config)
  const stranger = Configs.people[config.naming].stranger
  const stanza = (name: string, attributes: Attributes, ...children: ReadonlyArray<Element.Node>): El =>
    make(contentNamespace, name, attributes, children)
  const body = stanza("body", {}, `Words number ${seq} & <more>`)
  const ping = make(Namespace.ping, "ping")
  const message = (attributes: Attributes): El => stanza("message", attributes, body)
  const iq = (attributes: Attributes, ...children: ReadonlyArray<El>): El => stanza("iq", attributes, ...children)
  return {
    message: () => message({}),
    addressed: () => message({ from, to: config.self, type: "chat", id: `m-${seq}` }),
    toStranger: () => message({ to: stranger }),
    toNowhere: () => message({ to: "@" }),
    toNowhereError: () => message({ to: "@", type: "error" }),
    fromStranger: () => message({ from: stranger }),
    fromNowhere: () => message({ from: "@" }),
    presence: () => stanza("presence", {}),
    presenceOdd: () => stanza("presence", { type: "drowsy" }),
    presenceAway: () => stanza("presence", { to: stranger, type: "unavailable" }),
    get: () => iq({ type: "get", id: `q-${seq}` }, ping),
    set: () => iq({ type: "set", id: `q-${seq}`, to: config.self }, make("urn:example:new", "new")),
    getNowhere: () => iq({ type: "get", id: `q-${seq}`, to: "@" }, ping),
    getTwo: () => iq({ type: "get", id: `q-${seq}` }, ping, ping),
    getNameless: () => iq({ type: "get" }, ping),
    typeless: () => iq({ id: `q-${seq}` }, ping),
    result: (id: string) => iq({ type: "result", id }),
    error: (id: string) => iq({ type: "error", id }, stanza("error", { type: "cancel" })),
    resultNameless: () => iq({ type: "result" })
  }
}
