/**
 * A menu of configurations, none of which contradicts itself: every combination of what decides a negotiation, each with
 * one of several sets of lesser choices, so that all of them meet. Romeo begins, Juliet answers.
 *
 * @since 0.1.0
 */
import { Namespace } from "@xmpp-e2e/protocol"
import type { Event } from "@xmpp-e2e/protocol"
import * as Config from "@xmpp-e2e/protocol/Config"
import { Element } from "@xmpp-e2e/xml"
import { nth } from "./internal/nth.ts"
import type { Random } from "./Random.ts"

/**
 * Both ends of a stream.
 *
 * @since 0.1.0
 * @category models
 */
export interface Pair {
  readonly initiator: Config.Config
  readonly recipient: Config.Config
}

/**
 * Who takes part, by the rules of naming.
 *
 * @since 0.1.0
 * @category constants
 */
export const people = {
  jid: { initiator: "romeo@montague.example", recipient: "juliet@capulet.example", stranger: "paris@verona.example" },
  linkLocal: { initiator: "romeo@forza", recipient: "juliet@pronto", stranger: "paris@verona" }
} as const

/**
 * A feature that is public by nature (FEAT-22): entity capabilities.
 *
 * @since 0.1.0
 * @category constants
 */
export const caps: Element.Element = Element.make("http://jabber.org/protocol/caps", "c", {
  hash: "sha-1",
  node: "https://e2e.example",
  ver: "QgayPKawpkPSDYmwT/WM94uAlu0="
})

/**
 * What decides who the other end is.
 *
 * @since 0.1.0
 * @category models
 */
export type Shape = Pick<Config.Config, "naming" | "role"> & { readonly peer?: string }

/**
 * The session of stream management that an initiator of the menu asks for (SM-14).
 *
 * @since 0.1.0
 * @category constructors
 */
export const sessionOf = (config: Shape, contentNamespace: string = Namespace.client): Event.Resumption => ({
  id: "session-1",
  identity: peerOf(config),
  handled: 3,
  sent: 5,
  unacknowledged: ["fourth", "fifth"].map((text) =>
    Element.make(contentNamespace, "message", {}, [Element.make(contentNamespace, "body", {}, [text])])
  )
})

/**
 * The wanted peer, or whoever plays that part where nobody is wanted.
 *
 * @since 0.1.0
 * @category getters
 */
export const peerOf = ({ naming, peer, role }: Shape): string =>
  peer ?? people[naming][role === "initiator" ? "recipient" : "initiator"]

/**
 * A number of the menu, however large.
 *
 * @since 0.1.0
 * @category getters
 */
export const at = (index: number): Config.Config => nth(all, index)

/**
 * Two configurations that name the same people in the same way. What they insist on may be beyond agreement.
 *
 * @since 0.1.0
 * @category getters
 */
export const pair = (random: Random): Pair => {
  const initiator = nth(initiators, random.next())
  const alike = recipients.filter((each) => each.naming === initiator.naming && agreeOnForm(each, initiator))
  return { initiator, recipient: nth(alike, random.next()) }
}

/**
 * Two configurations as from `pair`, of ends that can come to an established stream: both show a certificate of their own.
 *
 * @since 0.1.0
 * @category getters
 */
export const friends = (random: Random): Pair => {
  const initiator = nth(initiators.filter(isSociable), random.next())
  const alike = recipients.filter((each) =>
    isSociable(each) && each.naming === initiator.naming && agreeOnForm(each, initiator)
  )
  return { initiator, recipient: nth(alike, random.next()) }
}

/**
 * Pairs that want the same and nothing besides, for a session that is to be short: `jid` names, no stream management.
 *
 * @since 0.1.0
 * @category getters
 */
export const plain = (): ReadonlyArray<Pair> => {
  const isPlain = ({ management, naming }: Config.Config): boolean => naming === "jid" && !management.use
  return initiators.filter(isPlain).flatMap((initiator) => {
    const alike = recipients.find((each) =>
      isPlain(each) && agreeOnForm(each, initiator) && each.policy.tls === initiator.policy.tls &&
      each.policy.sasl === initiator.policy.sasl && each.policy.authenticatePeer === initiator.policy.authenticatePeer
    )
    return alike === undefined ? [] : [{ initiator, recipient: alike }]
  })
}

/** Content namespace and how TLS begins are settled before anybody says a word. */
const agreeOnForm = (one: Config.Config, other: Config.Config): boolean =>
  one.policy.contentNamespace === other.policy.contentNamespace && one.policy.tlsEntry === other.policy.tlsEntry

const isSociable = ({ certificate, policy, self }: Config.Config): boolean =>
  policy.tls !== "never" && policy.sasl !== "never" && certificate !== undefined &&
  certificate.addresses.includes(self)

const product = <A, B>(one: ReadonlyArray<A>, other: ReadonlyArray<B>): ReadonlyArray<readonly [A, B]> =>
  one.flatMap((a) => other.map((b): readonly [A, B] => [a, b]))

const policies: ReadonlyArray<Partial<Config.Policy>> = [
  ...product(
    product(["required", "preferred", "never"] as const, ["ifUsable", "required", "never"] as const),
    product([true, false], ["refuse", "accept"] as const)
  ).map(([[tls, sasl], [authenticatePeer, legacy]]): Partial<Config.Policy> => ({
    tls,
    sasl,
    authenticatePeer,
    legacy
  })),
  { profile: "0.1" },
  { tlsEntry: "direct" },
  { tlsEntry: "direct", sasl: "required" },
  { tlsEntry: "direct", authenticatePeer: false, sasl: "never" }
]

const managements: ReadonlyArray<(shape: Shape, content?: string) => Partial<Config.Management>> = [
  () => ({}),
  () => ({ use: true }),
  () => ({ use: true, resumableSeconds: 300 }),
  (shape, content) =>
    shape.role === "initiator"
      ? { use: true, resumableSeconds: 300, resume: sessionOf(shape, content) }
      : { use: false, resumableSeconds: 300 }
]

interface Manner extends Partial<Omit<Config.Input, "role" | "self" | "peer" | "naming">> {
  /** A recipient that expects nobody in particular; an initiator has to. */
  readonly welcomesAll?: true
}

/** Lesser choices, each set whole; their number shares no factor with the other numbers of the menu. */
const manners: ReadonlyArray<(shape: Shape, self: string) => Manner> = [
  () => ({}),
  (_, self) => ({ certificate: { addresses: [self] }, timeouts: { drainMillis: 2_000 } }),
  (_, self) => ({
    certificate: { addresses: [self, `other-${self}`] },
    policy: { unknownElement: "close", strictIds: true },
    limits: { deferredMax: 2, heldStanzasMax: 3, saslTriesMax: 2 }
  }),
  ({ naming }) => ({
    certificate: { addresses: [people[naming].stranger] },
    policy: { strictStreamPrefix: true, hideFromBeforeTls: true }
  }),
  (_, self) => ({
    certificate: { addresses: [] },
    aliases: [`alias-${self}`],
    former: [`former-${self}`],
    timeouts: { idleMillis: 600_000 },
    limits: { heldBytesMax: 400, saslTriesMax: 5 }
  }),
  (_, self) => ({ certificate: { addresses: [self] }, welcomesAll: true, languages: ["de", "it"] }),
  (_, self) => ({ certificate: { addresses: [self] }, policy: { contentNamespace: Namespace.server } })
]

const shapes: ReadonlyArray<Shape> = product(["initiator", "recipient"] as const, ["jid", "linkLocal"] as const)
  .map(([role, naming]) => ({ role, naming }))

const madeFrom = (
  shape: Shape,
  policy: Partial<Config.Policy>,
  management: Partial<Config.Management>,
  manner: Manner
) => {
  const { naming, role } = shape
  const { welcomesAll = false, ...lesser } = manner
  return Config.make({
    role,
    naming,
    self: people[naming][role],
    ...(welcomesAll && role === "recipient" ? {} : { peer: peerOf(shape) }),
    extraFeatures: policy.tls === "preferred" ? [caps] : [],
    ...lesser,
    policy: { ...policy, ...lesser.policy },
    management
  })
}

/**
 * The whole menu.
 *
 * @since 0.1.0
 * @category constants
 */
export const all: ReadonlyArray<Config.Config> = shapes.flatMap((shape, offset) =>
  product(policies, managements).flatMap(([policy, management], index) => {
    const manner = nth(manners, index + offset)(shape, people[shape.naming][shape.role])
    const made = madeFrom(shape, policy, management(shape, manner.policy?.contentNamespace), manner)
    return made._tag === "Made" ? [made.config] : []
  })
)

const initiators = all.filter(({ role }) => role === "initiator")
const recipients = all.filter(({ role }) => role === "recipient")
