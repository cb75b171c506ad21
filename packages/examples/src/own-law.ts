/**
 * A law of one's own. The laws of the test kit say what holds for every stream; this one says what a certain application
 * relies on: whoever is heard is the one who was let in.
 *
 * `node packages/examples/src/own-law.ts` tries it on two thousand runs of its own configuration.
 *
 * @since 0.1.0
 */
import { Address, Config, Step } from "@xmpp-e2e/protocol"
import { type Law, Laws, Random, Run } from "@xmpp-e2e/testkit"
import { Element } from "@xmpp-e2e/xml"
import { fileURLToPath } from "node:url"

/**
 * Juliet's policy: only Romeo, only under TLS, and only if SASL says that it is he.
 *
 * @since 0.1.0
 * @category constructors
 */
export const mine = (): Config.Config => {
  const made = Config.make({
    role: "recipient",
    self: "juliet@capulet.example",
    peer: "romeo@montague.example",
    policy: { sasl: "required" }
  })
  if (made._tag === "Contradictory") throw new Error(made.contradictions.join("; "))
  return made.config
}

/**
 * A law is an id, a sentence, and a function on a trace: the steps of a stream with the states around them.
 *
 * @since 0.1.0
 * @category constants
 */
export const onlyRomeo: Law.Law = {
  id: "only-romeo",
  sentence: "every stanza that is delivered is from Romeo",
  check: (trace) => {
    for (const [at, { actions, before: { config } }] of trace.entries()) {
      for (const action of actions) {
        if (action._tag !== "Deliver") continue
        const { from } = action.delivery
        if (from === undefined) return { ok: false, at, because: "a stanza from nobody" }
        if (config.peer === undefined || !Address.sameBare(from, config.peer, config.naming)) {
          return { ok: false, at, because: `a stanza from ${from}` }
        }
      }
    }
    return { ok: true }
  }
}

/**
 * The same reducer, but whoever speaks is believed to be whom he says he is. The law has to find it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const credulous: Run.Reduce = (state, event) => {
  const answer = Step.step(state, event)
  if (state._tag !== "Established" || event._tag !== "ElementReceived" || answer[0]._tag !== "Closing") return answer
  const from = Element.attribute(event.element, "from")
  if (event.element.name !== "message" || from === undefined) return answer
  return [state, [{
    _tag: "Deliver",
    stanza: event.element,
    delivery: { from, to: state.config.self, canReply: true }
  }]]
}

/**
 * So many runs under this law and all others; the first breach, told step by step, or nothing.
 *
 * @since 0.1.0
 * @category combinators
 */
export const search = (laws: ReadonlyArray<Law.Law>, runs: number, step?: Run.Reduce): string | undefined => {
  for (let seed = 1; seed <= runs; seed++) {
    const run = Run.decode(mine(), Run.draw(Random.make(seed), 30), "guided", step)
    const breach = Laws.broken(run.trace, laws, step)
    if (breach !== undefined) {
      const steps = Run.transcript(run.trace.slice(0, (breach.at ?? run.trace.length) + 1))
      return [`seed ${seed} breaks ${breach.law.id}: ${breach.because}`, ...steps].join("\n")
    }
  }
  return undefined
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${search([onlyRomeo, ...Laws.all], 2_000) ?? "2000 runs, and only Romeo was heard"}\n`)
  process.stdout.write(`\nWith a reducer that believes everybody:\n${search([onlyRomeo], 2_000, credulous)}\n`)
}
