/** `--first-use ask`: a person sees a certificate that nobody knows, and says whether it is to be believed (CERT-87). */
import { FirstUse } from "@xmpp-e2e/certificates"
import { Describe } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Input } from "./input.ts"
import * as Output from "./output.ts"

/** Asks through the `Input`. How long an answer may take is up to the stream (T-VERDICT). */
export const layer: Layer.Layer<FirstUse.Approver, never, Input> = Layer.effect(
  FirstUse.Approver,
  Effect.map(Input, ({ answer }) => ({
    approve: Effect.fnUntraced(function*(request) {
      const said = yield* answer(Output.remark(question(request).join("\n")))
      const isYes = said?.trim().toLowerCase() === "yes"
      yield* Output.remark(isYes ? "remembered" : "not believed")
      return isYes
    })
  }))
)

/** `how` says how to answer. */
export const question = (
  { addresses, because, fingerprint, names, notices, role }: FirstUse.Request,
  how = "[yes/no]"
): ReadonlyArray<string> => [
  `An unknown certificate ${role === "initiator" ? "answers for" : "calls as"} ${
    addresses.map((each) => Describe.clean(each)).join(", ")
  }.`,
  `It names ${names.slice(0, namesMax).map((each) => Describe.clean(each)).join(", ") || "nobody"}${
    names.length > namesMax ? ` and ${names.length - namesMax} more` : ""
  }.`,
  `${because}.`,
  `SHA-256 ${fingerprint}`,
  ...notices.map((each) => `Note: ${each}`),
  `Compare the fingerprint with its owner over another channel. Believe it from now on? ${how}`
]

export const noTerminal =
  "--first-use ask: there is no terminal to ask on, so an unknown certificate is refused; --trust-pin names one beforehand"

const namesMax = 8
