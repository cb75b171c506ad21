/** `pins`: what a `--trust-store` remembers, for a person to look through and to remove from. */
import { Fingerprint, Pin, PinStore } from "@xmpp-e2e/certificates"
import { NodePinStore } from "@xmpp-e2e/node"
import { Address, Describe } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Input from "./input.ts"
import * as Output from "./output.ts"
import { type NamingFlag, namingOf } from "./settings.ts"
import { pinsIn } from "./trusting.ts"

export interface ListRequest {
  readonly trustStore: string
  readonly json: boolean
}

export const list = Effect.fnUntraced(function*({ json, trustStore }: ListRequest) {
  const pins = yield* kept(trustStore)
  yield* Output.lines(json ? pins.map((each) => JSON.stringify(each)) : pins.flatMap(lines))
  if (pins.length === 0) yield* Output.remark(`nothing is pinned in ${trustStore}`)
})

export interface RemoveRequest extends ListRequest {
  readonly address: string
  readonly certificate: Option.Option<string>
  readonly naming: NamingFlag
  readonly yes: boolean
}

export const remove = Effect.fnUntraced(function*(request: RemoveRequest) {
  const { json, trustStore, yes } = request
  const which = yield* selectionOf(request)
  const doomed = (yield* kept(trustStore)).filter((each) => Pin.isSelected(each, which))
  if (doomed.length === 0) return yield* nothing(request)
  if (!yes) yield* confirm(doomed)
  const gone = yield* PinStore.PinStore.use(({ forget }) => forget(which)).pipe(
    Effect.provide(NodePinStore.layer(trustStore)),
    Effect.mapError(({ message }) => usage(message))
  )
  if (gone.length === 0) return yield* nothing(request)
  yield* Output.lines(
    json ? gone.map((each) => JSON.stringify(each)) : gone.flatMap((each) => ["removed", ...lines(each)])
  )
  yield* Output.remark(
    `with --first-use accept, whoever comes next as ${clean(which.address)} is believed from then on`
  )
})

const kept = Effect.fnUntraced(function*(directory: string) {
  const pins = yield* pinsIn(directory)
  return pins ?? (yield* usage(`there is no store of pins in ${directory}`))
})

const selectionOf = Effect.fnUntraced(function*(
  { address: text, certificate, naming: flag }: RemoveRequest
): Effect.fn.Return<Pin.Selection, CommandFailed> {
  const naming = namingOf(flag)
  const address = Address.bareText(text, naming)
  if (address === undefined) return yield* usage(`${JSON.stringify(text)} is not an address`)
  if (Option.isNone(certificate)) return { address, naming }
  const fingerprint = Fingerprint.normalise(certificate.value)
  if (!Fingerprint.isSha256(fingerprint)) return yield* usage("--certificate is not a SHA-256 fingerprint")
  return { address, naming, certificate: fingerprint }
})

const nothing = ({ address, trustStore }: RemoveRequest): CommandFailed =>
  new CommandFailed({
    code: exitCodes.failed,
    sentence: `nothing was removed: no such pin of ${
      clean(address)
    } is in ${trustStore}; pins list shows those that are`
  })

const confirm = Effect.fnUntraced(function*(
  doomed: ReadonlyArray<Pin.Pin>
): Effect.fn.Return<void, CommandFailed, Input.Input> {
  if (!(yield* Input.isTerminal)) {
    return yield* usage("there is no terminal to ask on; say --yes to remove without asking")
  }
  const { answer } = yield* Input.Input
  const said = yield* answer(Output.remark([...doomed.flatMap(lines), "Remove? [yes/no]"].join("\n")))
  if (said?.trim().toLowerCase() !== "yes") {
    return yield* new CommandFailed({ code: exitCodes.failed, sentence: "nothing was removed" })
  }
})

const lines = ({ address, certificate, firstSeen, how, key, naming, verified }: Pin.Pin): ReadonlyArray<string> => [
  `${clean(address)}${naming === "linkLocal" ? " (link-local)" : ""}`,
  `  SHA-256       ${Fingerprint.display(certificate)}`,
  ...key === "" ? [] : [`  of its key    ${Fingerprint.display(key)}`],
  `  since         ${clean(firstSeen)}, ${origins[how]}${
    how === "firstUse" && verified === undefined ? ", not confirmed" : ""
  }`,
  ...verified === undefined ? [] : [`  verified      ${clean(verified.when)}, by comparing a short string`]
]

const clean = (text: string): string => Describe.clean(text)

const origins: { readonly [How in Pin.How]: string } = {
  manual: "set by hand",
  firstUse: "from a first use",
  offer: "from a confirmed offer",
  exchanged: "received over a trusted stream"
}
