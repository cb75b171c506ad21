/** Whom the flags say that we believe, and which of them contradict each other. */
import {
  type AuthorityTrust,
  Fingerprint,
  type Pin,
  PinStore,
  type PinTrust,
  Trust,
  TrustModel
} from "@xmpp-e2e/certificates"
import { NodeAuthorities, NodePinStore } from "@xmpp-e2e/node"
import { Address, type Config, Namespace } from "@xmpp-e2e/protocol"
import type { Invite } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Situation } from "./advice.ts"
import { type CommandFailed, usage } from "./exit.ts"
import * as Output from "./output.ts"

/** What `trustFlags.trust` parses to, with the namespace of stanzas, which says whether we are a service. */
export interface Flags {
  readonly trustCa: ReadonlyArray<string>
  readonly trustSystem: boolean
  readonly trustPin: ReadonlyArray<string>
  readonly trustStore: Option.Option<string>
  readonly trustBy: Option.Option<Pin.Comparison>
  readonly firstUse: Option.Option<Trust.Trust["firstUse"]>
  readonly trustRequire: Option.Option<"any" | "all">
  readonly purpose: Trust.Rules["purpose"]
  readonly crl: ReadonlyArray<string>
  readonly revocation: Option.Option<Trust.Trust["revocation"]>
  readonly contentNamespace: Config.Policy["contentNamespace"]
  /** Of whom each is the only proof. */
  readonly invites?: ReadonlyArray<Invite.Invite>
}

export const load = Effect.fnUntraced(
  function*(flags: Flags, naming: Address.Naming): Effect.fn.Return<Trust.Trust, CommandFailed> {
    const contradiction = contradictionIn(flags)
    if (contradiction !== undefined) return yield* usage(contradiction)
    const by = Option.getOrElse(flags.trustBy, () => "certificate" as const)
    const pins = flags.trustPin.filter((each) => each.includes("="))
    return Trust.make({
      combination: combinationOf(flags),
      anchors: [...yield* anchorsIn(flags.trustCa), ...flags.trustSystem ? yield* ofTheSystem : []],
      crls: yield* NodeAuthorities.readCrls(flags.crl).pipe(
        Effect.mapError(({ message }) => usage(`--crl: ${message}`))
      ),
      revocation: Option.getOrElse(flags.revocation, () => "soft" as const),
      fingerprints: flags.trustPin.filter((each) => !each.includes("=")),
      pins: yield* Effect.forEach(pins, (each) => pinOf(each, naming, by)),
      pinBy: by,
      firstUse: Option.getOrElse(flags.firstUse, () => Option.isSome(flags.trustStore) ? "accept" : "reject"),
      purpose: flags.purpose,
      as: flags.contentNamespace === Namespace.server ? "service" : "client"
    })
  }
)

/** Whether any flag names somebody to believe. */
export const isAnybody = (flags: Flags): boolean =>
  hasAuthorities(flags) || hasPins(flags) || hasStore(flags) || (flags.invites ?? []).length > 0

export const nobodyIsBelieved =
  "nobody is believed: name an authority (--trust-ca, --trust-system), a certificate (--trust-pin) or a --trust-store"

/** What advice depends on. */
export const situation = (flags: Pick<Flags, "invites" | "trustRequire" | "trustStore">): Situation => ({
  store: flags.trustStore,
  needsAll: requiresAll(flags),
  invited: (flags.invites ?? []).map(({ address }) => address)
})

/** The flags that were given to say whom to believe, but for the store, which remembers, and `--purpose`. */
export const given = (flags: Flags): ReadonlyArray<string> => {
  const { crl, firstUse, revocation, trustBy, trustCa, trustPin, trustRequire, trustSystem } = flags
  const all: ReadonlyArray<readonly [flag: string, isGiven: boolean]> = [
    ["--trust-ca", trustCa.length > 0],
    ["--trust-system", trustSystem],
    ["--trust-pin", trustPin.length > 0],
    ["--trust-by", Option.isSome(trustBy)],
    ["--trust-require", Option.isSome(trustRequire)],
    ["--first-use", Option.isSome(firstUse)],
    ["--crl", crl.length > 0],
    ["--revocation", Option.isSome(revocation)]
  ]
  return all.flatMap(([flag, isGiven]) => isGiven ? [flag] : [])
}

/** The store as a peer sees it. */
export const storeOf = ({ trustStore }: Flags): Layer.Layer<PinStore.PinStore, PinStore.PinStoreError> =>
  Option.match(trustStore, { onNone: () => PinStore.layerMemory(), onSome: NodePinStore.layer })

/** What is in the store now, in memory: whoever only asks what would happen changes nothing. */
export const copyOfStore = Effect.fnUntraced(
  function*(
    { trustStore }: Flags
  ): Effect.fn.Return<Layer.Layer<PinStore.PinStore>, CommandFailed, FileSystem.FileSystem> {
    if (Option.isNone(trustStore)) return PinStore.layerMemory()
    const pins = yield* pinsIn(trustStore.value)
    if (pins === undefined) yield* Output.remark(`there is no store of pins in ${trustStore.value} yet`)
    return PinStore.layerMemory(pins)
  }
)

/** The pins of a store; nothing where there is no store, which is not made by looking. */
export const pinsIn = Effect.fnUntraced(
  function*(
    directory: string
  ): Effect.fn.Return<ReadonlyArray<Pin.Pin> | undefined, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const isThere = yield* Effect.orElseSucceed(fs.exists(`${directory}/pins.json`), () => false)
    if (!isThere) return undefined
    return yield* PinStore.PinStore.use(({ all }) => all).pipe(
      Effect.provide(NodePinStore.layer(directory)),
      Effect.mapError(({ message }) => usage(message))
    )
  }
)

/**
 * In the order of certificates §8. With `any`, what the store holds counts as pins before an authority is asked; with
 * `all` the store is one of those that have to agree, and is asked once.
 */
const combinationOf = (flags: Flags): Trust.Trust["combination"] => {
  const isAll = requiresAll(flags)
  const models: ReadonlyArray<Trust.Trust["combination"]> = [
    ...hasPins(flags) || (hasStore(flags) && !isAll) ? [TrustModel.pin] : [],
    ...hasAuthorities(flags) ? [TrustModel.authority] : [],
    ...hasStore(flags) ? [TrustModel.firstUse] : []
  ]
  // Nobody is believed, and the proof says of whom that was asked.
  if (models.length === 0) {
    return TrustModel.anyOf<PinTrust.PinTrust | AuthorityTrust.AuthorityTrust>(TrustModel.pin, TrustModel.authority)
  }
  return isAll ? TrustModel.allOf(...models) : TrustModel.anyOf(...models)
}

/** A sentence on two flags of which one makes the other pointless; nobody should believe that it is in force. */
const contradictionIn = (flags: Flags): string | undefined => {
  const { crl, firstUse, revocation, trustBy } = flags
  if (Option.isSome(firstUse) && firstUse.value !== "reject" && !hasStore(flags)) {
    return `--first-use ${firstUse.value} needs a --trust-store, which remembers who came first`
  }
  if (Option.isSome(trustBy) && !hasPins(flags) && !hasStore(flags)) {
    return `--trust-by ${trustBy.value} says how pins compare, and there is no --trust-pin and no --trust-store`
  }
  if (requiresAll(flags) && !isAnybody(flags)) {
    return "--trust-require all needs somebody who has to agree: --trust-ca, --trust-system, --trust-pin, --trust-store"
  }
  if (crl.length > 0 && Option.isSome(revocation) && revocation.value === "off") {
    return "--crl gives revocation lists that --revocation off does not look at"
  }
  if ((crl.length > 0 || Option.isSome(revocation)) && !hasAuthorities(flags)) {
    return `${crl.length > 0 ? "--crl" : "--revocation"} is about certificates of authorities, `
      + "and there is no --trust-ca and no --trust-system"
  }
  return undefined
}

const requiresAll = ({ trustRequire }: Pick<Flags, "trustRequire">): boolean =>
  Option.isSome(trustRequire) && trustRequire.value === "all"
const hasAuthorities = ({ trustCa, trustSystem }: Flags): boolean => trustCa.length > 0 || trustSystem
const hasPins = ({ trustPin }: Flags): boolean => trustPin.length > 0
const hasStore = ({ trustStore }: Flags): boolean => Option.isSome(trustStore)

const anchorsIn = (files: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Uint8Array>, CommandFailed> =>
  NodeAuthorities.readCertificates(files).pipe(Effect.mapError(({ message }) => usage(`--trust-ca: ${message}`)))

const ofTheSystem: Effect.Effect<ReadonlyArray<Uint8Array>, CommandFailed> = NodeAuthorities.system().pipe(
  Effect.tap(({ warnings }) => Effect.forEach(warnings, (each) => Output.remark(`--trust-system: ${each}`))),
  Effect.map(({ certificates }) => certificates),
  Effect.mapError(({ message }) => usage(`--trust-system: ${message}`))
)

const pinOf = (
  given: string,
  naming: Address.Naming,
  by: Pin.Comparison
): Effect.Effect<Pin.Pin, CommandFailed> => {
  const cut = given.lastIndexOf("=")
  const who = given.slice(0, cut)
  const address = Address.bareText(who, naming)
  const fingerprint = Fingerprint.normalise(given.slice(cut + 1))
  return address === undefined
    ? Effect.fail(usage(`--trust-pin: ${JSON.stringify(who)} is not an address`))
    : Effect.succeed({
      address,
      naming,
      certificate: fingerprint,
      // Nobody says of which of the two it is the fingerprint.
      key: by === "key" ? fingerprint : "",
      firstSeen: "1970-01-01T00:00:00Z",
      how: "manual"
    })
}
