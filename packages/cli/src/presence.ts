/** `presence`: has the processes that announce an address of ours announce another presence, or tells what they announce. */
import type { Presence } from "@xmpp-e2e/link-local"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Client from "./controlClient.ts"
import * as ControlPresence from "./controlPresence.ts"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Output from "./output.ts"
import * as RosterText from "./rosterText.ts"

export interface Request {
  readonly status: Option.Option<Presence.Status>
  readonly text: Option.Option<string>
  readonly as: Option.Option<string>
  readonly json: boolean
}

export const presence = Effect.fnUntraced(function*(request: Request): Effect.fn.Return<void, CommandFailed> {
  const found = yield* Effect.mapError(Client.find, ({ message }) => failed(message))
  const running = yield* chosen(found, request.as)
  const answers = yield* Effect.forEach(running, (each) => Effect.result(tell(each, request)))
  const refusals = answers.flatMap((each) => Result.isFailure(each) ? [each.failure] : [])
  if (refusals.length > 0) return yield* failed(refusals.join("; "))
})

/** One address may have several processes; all of them say the same. The failure is a sentence. */
const tell = Effect.fnUntraced(function*(
  running: Client.Running,
  { json, status, text }: Request
): Effect.fn.Return<void, string | CommandFailed> {
  const { as, command, pid, socket } = running
  const message = Option.match(text, { onNone: () => ({}), onSome: (text) => ({ message: text }) })
  const wanted = Option.match(status, {
    onNone: () => ({}),
    onSome: (status): { readonly with: ControlPresence.Said } => ({ with: { status, ...message } })
  })
  const answer = yield* Effect.mapError(
    Client.ask(socket, { request: "presence", ...wanted }),
    ({ message }) => `${named(running)}: ${message}`
  )
  const said = ControlPresence.read(answer)
  if (Result.isFailure(said)) return yield* Effect.fail(`${named(running)}: what answered was no presence`)
  yield* json
    ? Output.line(JSON.stringify({ presence: { as, command, pid, ...said.success } }))
    : Output.line(`${named(running)}: ${RosterText.status(said.success)}`)
})

const chosen = ({ running, unsafe }: Client.Found, as: Option.Option<string>) => {
  const of = Option.match(as, {
    onNone: () => running,
    onSome: (wanted) => running.filter((each) => Address.sameBare(each.as, wanted, each.naming))
  })
  const names = [...new Set(of.map((each) => each.as))]
  if (names.length === 1) return Effect.succeed(of)
  if (names.length > 1) return Effect.fail(usage(`say whose, by --as; running are ${of.map(named).join(", ")}`))
  const others = running.length === 0 ? "" : `; running are ${running.map(named).join(", ")}`
  const who = Option.match(as, { onNone: () => "of yours", onSome: (text) => `of ${RosterText.printable(text)}` })
  const elsewhere = unsafe.map(({ message }) => `. ${message}`).join("")
  return Effect.fail(
    failed(`no \`listen\` or \`chat\` ${who} is running that announces itself on the network${others}${elsewhere}`)
  )
}

const named = ({ as, command, pid }: Client.Running): string =>
  `${RosterText.printable(as)} (${RosterText.printable(command)}, process ${pid})`

const failed = (sentence: string): CommandFailed => new CommandFailed({ code: exitCodes.failed, sentence })
