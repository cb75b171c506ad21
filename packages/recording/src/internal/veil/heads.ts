/**
 * The head under the veil: the configuration with other names, and of those we believe only the ways of believing.
 */
import type { Config } from "@xmpp-e2e/protocol"
import type * as Schema from "effect/Schema"
import { isRecord, member } from "../trusted.ts"
import { feature } from "./elements.ts"
import { resumption } from "./steps.ts"
import { perhaps, type Veil } from "./veil.ts"

/** @internal */
export const config = (config: Config.Config, veil: Veil): Config.Config => {
  const { certificate, management } = config
  return {
    ...config,
    self: veil.address(config.self),
    aliases: config.aliases.map(veil.address),
    former: config.former.map(veil.address),
    ...perhaps("peer", config.peer, veil.address),
    lang: veil.language(config.lang),
    languages: config.languages.map(veil.language),
    extraFeatures: config.extraFeatures.map((each) => feature(each, veil)),
    ...(certificate === undefined ? {} : { certificate: { addresses: certificate.addresses.map(veil.address) } }),
    management: management.resume === undefined
      ? management
      : { ...management, resume: resumption(management.resume, veil) }
  }
}

/** `AnyOf` and `AllOf` and which models, but not what they hold; `undefined` for what has another shape. @internal */
export const trust = (trust: Schema.Json): Schema.Json | undefined => {
  const combination = member(trust, "combination")
  return combination === undefined ? undefined : { combination: combined(combination, depthMax) }
}

const combined = (combination: Schema.Json, depth: number): Schema.Json => {
  const [how, what] = isRecord(combination) ? Object.entries(combination)[0] ?? [] : []
  if (how === undefined || what === undefined || depth === 0) return { Custom: {} }
  if ((how === "AnyOf" || how === "AllOf") && Array.isArray(what)) {
    return { [how]: what.slice(0, partsMax).map((each: Schema.Json) => combined(each, depth - 1)) }
  }
  return { [models.has(how) ? how : "Custom"]: {} }
}

/** The models that `@xmpp-e2e/certificates` ships; an application's own may have a telling name. */
const models: ReadonlySet<string> = new Set(["Pin", "Authority", "FirstUse", "Custom"])
const depthMax = 4
const partsMax = 8
