/** The document of transitions as it should be. The policies on TLS are what a table is most likely to depend on. */
import type { Config } from "@xmpp-e2e/protocol"
import { make } from "@xmpp-e2e/protocol/Config"
import * as Configs from "../src/Configs.ts"
import * as Walk from "../src/Walk.ts"

/** Where the document is. */
export const place = new URL("../../../docs/transitions.md", import.meta.url)

const policies = ["required", "preferred", "never"] as const

export const named = (role: Config.Config["role"]): ReadonlyArray<Walk.Named> =>
  policies.map((tls) => {
    const self = Configs.people.jid[role]
    const peer = Configs.peerOf({ role, naming: "jid" })
    const made = make({
      role,
      self,
      peer,
      policy: { tls },
      certificate: { addresses: [self, `other-${self}`] },
      extraFeatures: [Configs.caps],
      timeouts: { drainMillis: tls === "preferred" ? 2_000 : 0, idleMillis: 600_000 },
      management: {
        use: true,
        resumableSeconds: 300,
        ...(role === "initiator" && tls === "preferred"
          ? { resume: Configs.sessionOf({ role, naming: "jid", peer }) }
          : {})
      }
    })
    if (made._tag === "Contradictory") throw new Error(made.contradictions.join("; "))
    return { name: tls, config: made.config }
  })

export const walks = () => ({
  initiator: Walk.explore(named("initiator")),
  recipient: Walk.explore(named("recipient"))
})

export const document = (): string => {
  const { initiator, recipient } = walks()
  return Walk.render(initiator, recipient)
}
