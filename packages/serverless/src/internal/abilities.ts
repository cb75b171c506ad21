/** What we say of our abilities: in what is announced, and to whoever asks. @internal */
import type { Claim } from "@xmpp-e2e/link-local/Presence"
import type { Handler } from "@xmpp-e2e/stream/Options"
import * as Result from "effect/Result"
import * as Abilities from "../Abilities.ts"
import type { Options } from "../Serverless.ts"

/** @internal */
export interface Known {
  readonly handlers: ReadonlyArray<Handler>
  readonly announced: { readonly claim?: Claim }
}

/** @internal */
export const of = ({ abilities, software = ours }: Pick<Options, "abilities" | "software">): Known => {
  if (abilities === undefined) return { handlers: [], announced: {} }
  const claim = Result.getOrUndefined(Abilities.claim(abilities, software))
  return {
    handlers: [Abilities.handler(abilities, claim)],
    announced: claim === undefined ? {} : { claim }
  }
}

/** It names the software, and leads nowhere (RFC 6761 §6.4). */
const ours = "https://xmpp-e2e.invalid/"
