/** Who we are at the moment: the name can become another, and what we say of ourselves. @internal */
import type { Presence } from "@xmpp-e2e/link-local/Presence"
import type { Options } from "@xmpp-e2e/stream/Options"

/** @internal */
export interface Self {
  name: string
  identity?: Options["identity"]
  presence: Presence
}
