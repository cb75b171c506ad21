/**
 * The catalogue of stream features: what a recipient offers in each phase (state-machine §7.2) and what an initiator
 * reads from an offer (FEAT-08).
 *
 * @since 0.1.0
 */
import { Element } from "@xmpp-e2e/xml"
import type { Config } from "./Config.ts"
import * as Namespace from "./Namespace.ts"
import type { Link } from "./State.ts"

/**
 * What an offer holds, for us.
 *
 * @since 0.1.0
 * @category models
 */
export interface Offer {
  readonly starttls: "absent" | "voluntary" | "mandatory"
  /** Names of SASL mechanisms; absent when SASL is not on offer. */
  readonly mechanisms?: ReadonlyArray<string>
  readonly management: boolean
  /** XEP-0288: stanzas may go both ways between servers; absent when nobody says so. */
  readonly bothWays?: true
  /** Something else is mandatory and we do not know it. */
  readonly unknownMandatory?: string
}

/**
 * FEAT-03, FEAT-04, FEAT-08, TLS-04: order means nothing; children of the stream and content namespaces are ignored.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = (features: Element.Element): Offer => {
  const children = Element.elements(features).filter((each) =>
    each.namespace !== Namespace.stream && each.namespace !== Namespace.client && each.namespace !== Namespace.server
  )
  const starttls = children.find((each) => Element.is(each, Namespace.tls, "starttls"))
  const mechanisms = children.find((each) => Element.is(each, Namespace.sasl, "mechanisms"))
  const unknown = children.find((each) => !isKnown(each) && (isBind(each) || hasRequired(each)))
  return {
    starttls: starttls === undefined
      ? "absent"
      : children.length === 1 || hasRequired(starttls)
      ? "mandatory"
      : "voluntary",
    ...(mechanisms === undefined ? {} : { mechanisms: mechanismsOf(mechanisms) }),
    management: children.some((each) => Element.is(each, Namespace.management, "sm")),
    ...(children.some((each) => Element.is(each, Namespace.bidiFeature, "bidi")) ? { bothWays: true } : {}),
    ...(unknown === undefined ? {} : { unknownMandatory: unknown.namespace })
  }
}

/**
 * `<starttls><required/></starttls>` alone (FEAT-10), with the public extras that XEP-0174 allows.
 *
 * @since 0.1.0
 * @category encoding
 */
export const mandatoryTls = (config: Config): Element.Element =>
  features([
    Element.make(Namespace.tls, "starttls", {}, [Element.make(Namespace.tls, "required")]),
    ...config.extraFeatures
  ])

/**
 * `<starttls/>` beside at least one other feature, which is what makes it voluntary (TLS-04).
 *
 * @since 0.1.0
 * @category encoding
 */
export const voluntaryTls = (config: Config): Element.Element =>
  features([Element.make(Namespace.tls, "starttls"), ...config.extraFeatures])

/**
 * SASL-03, SASL-07. Servers let stanzas go one way only, unless the offer says more (XEP-0288).
 *
 * @since 0.1.0
 * @category encoding
 */
export const external = (config: Config): Element.Element =>
  features([
    Element.make(Namespace.sasl, "mechanisms", {}, [Element.make(Namespace.sasl, "mechanism", {}, ["EXTERNAL"])]),
    ...(config.policy.contentNamespace === Namespace.server ? [Element.make(Namespace.bidiFeature, "bidi")] : []),
    ...config.extraFeatures
  ])

/**
 * What is left when nothing is mandatory any more (FEAT-23).
 *
 * @since 0.1.0
 * @category encoding
 */
export const final = (config: Config, link: Link): Element.Element =>
  features([
    ...config.extraFeatures,
    ...(config.management.use && link._tag !== "Clear" ? [Element.make(Namespace.management, "sm")] : [])
  ])

const features = (children: ReadonlyArray<Element.Element>): Element.Element =>
  Element.make(Namespace.stream, "features", {}, children)

const mechanismsOf = (element: Element.Element): ReadonlyArray<string> =>
  Element.elements(element)
    .filter((each) => Element.is(each, Namespace.sasl, "mechanism"))
    .map((each) => Element.text(each).trim())

const isKnown = (element: Element.Element): boolean =>
  Element.is(element, Namespace.tls, "starttls") || Element.is(element, Namespace.sasl, "mechanisms")

const isBind = (element: Element.Element): boolean => Element.is(element, Namespace.bind, "bind")

const hasRequired = (element: Element.Element): boolean =>
  Element.elements(element).some((each) => each.name === "required")
