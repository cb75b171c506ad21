/** Looks at this machine and says what may keep peers apart. What findings mean is in `diagnosis.ts`. */
import { NodeDoctor } from "@xmpp-e2e/node"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Finding, judge, type Probes } from "./diagnosis.ts"
import { CommandFailed, exitCodes } from "./exit.ts"
import * as Output from "./output.ts"
import { version } from "./version.ts"

export interface Request {
  readonly identity: Option.Option<string>
  readonly json: boolean
}

export const doctor = Effect.fnUntraced(function*(request: Request): Effect.fn.Return<void, CommandFailed> {
  if (!request.json) yield* Output.remark("asking the network, for a second or two …")
  const findings = judge(yield* examine(request))
  yield* Output.lines(findings.map(request.json ? (finding) => JSON.stringify(finding) : text))
  const failed = findings.filter(({ level }) => level === "failed").length
  if (failed === 0) return
  const sentence = `${failed} of ${findings.length} checks failed; what to do is said with each`
  return yield* new CommandFailed({ code: exitCodes.failed, sentence })
})

const examine = ({ identity }: Request): Effect.Effect<Probes> =>
  Effect.gen(function*() {
    const { key, ...seen } = yield* Effect.all({
      network,
      firewall: NodeDoctor.firewall,
      times: NodeDoctor.times,
      versions: NodeDoctor.versions,
      key: Option.isSome(identity) ? NodeDoctor.key(identity.value) : Effect.succeed(undefined)
    }, { concurrency: "unbounded" })
    const { firewall, network: { multicast, port }, times, versions } = seen
    const probes = { multicast, port, firewall, times, versions: { ...versions, own: version } }
    return key === undefined ? probes : { ...probes, key }
  })

/** One after the other: the first takes the port for itself. */
const network = Effect.all({ port: NodeDoctor.port, multicast: NodeDoctor.multicast })

const colours = { ok: "good", warning: "note", failed: "bad" } as const

const text = ({ advice, check, found, level }: Finding): string =>
  `${Output.paint(colours[level], level.padEnd(7))} ${check}: ${found}${level === "ok" ? "" : ` ${advice}`}`
