/**
 * A policy of one's own on a bad network. Two configurations, as an application would ship them, talk to each other on the
 * simulated network of the test kit, with any faults that there are, under the laws of the test kit and one more.
 *
 * `node packages/examples/src/own-policy.ts` tries a careful policy and a hopeful one, and shows how the second fails.
 *
 * @since 0.1.0
 */
import { Config } from "@xmpp-e2e/protocol"
import { Configs, Hunt, type Law, Laws, Simulator, type Subject } from "@xmpp-e2e/testkit"
import { fileURLToPath } from "node:url"

/**
 * Romeo and Juliet, with the same opinion on TLS.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pairOf = (tls: Config.Policy["tls"]): Configs.Pair => {
  const [romeo, juliet] = ["romeo@montague.example", "juliet@capulet.example"] as const
  // Where TLS may be left out, something else has to be on offer (TLS-04).
  const both = { policy: { tls }, extraFeatures: tls === "preferred" ? [Configs.caps] : [] }
  return {
    initiator: made({ role: "initiator", self: romeo, peer: juliet, certificate: { addresses: [romeo] }, ...both }),
    recipient: made({ role: "recipient", self: juliet, certificate: { addresses: [juliet] }, ...both })
  }
}

/**
 * What this application relies on, whatever its policy says.
 *
 * @since 0.1.0
 * @category constants
 */
export const sealed: Law.Law = {
  id: "sealed",
  sentence: "no stanza is delivered that could be read on its way",
  check: (trace) => {
    let secured = false
    for (const [at, { actions }] of trace.entries()) {
      for (const action of actions) {
        if (action._tag === "Report" && action.notice._tag === "Negotiated") secured = action.notice.secured
        if (action._tag === "Deliver" && !secured) return { ok: false, at, because: "a stanza came in clear" }
      }
    }
    return { ok: true }
  }
}

/**
 * So many sessions of these two; the smallest that breaks a law, or nothing. Their configurations stay as they are.
 *
 * @since 0.1.0
 * @category combinators
 */
export const tried = (pair: Configs.Pair, runs: number): Hunt.Finding | undefined => {
  const subject: Subject.Subject = { laws: [sealed, ...Laws.all] }
  const { finding } = Hunt.search({ seed: 1, runs, pair }, subject)
  return finding === undefined ? undefined : Hunt.shrink(finding, subject, { keepPair: true })
}

const made = (input: Config.Input): Config.Config => {
  const outcome = Config.make(input)
  if (outcome._tag === "Contradictory") throw new Error(outcome.contradictions.join("; "))
  return outcome.config
}

const told = (found: Hunt.Finding | undefined): string =>
  found === undefined
    ? "500 sessions, and all laws were kept"
    : [
      `seed ${found.plan.seed} breaks ${Simulator.sentence(found.breach)}`,
      ...found.plan.faults.map((fault) => `fault: ${JSON.stringify(fault)}`),
      `steps of both ends: ${found.steps}`
    ].join("\n")

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`TLS required: ${told(tried(pairOf("required"), 500))}\n`)
  process.stdout.write(`\nTLS preferred: ${told(tried(pairOf("preferred"), 500))}\n`)
}
