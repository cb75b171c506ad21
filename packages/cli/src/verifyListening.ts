/** How `listen` answers a peer that wants to verify: it asks the person at the terminal or the program, or it declines. */
import { PinStore } from "@xmpp-e2e/certificates"
import { Verifying } from "@xmpp-e2e/serverless"
import type { E2eStream, Options } from "@xmpp-e2e/stream"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { type CommandFailed, usage } from "./exit.ts"
import * as Input from "./input.ts"
import * as Output from "./output.ts"
import * as Trusting from "./trusting.ts"
import * as Talk from "./verifyTalk.ts"
import * as Text from "./verifyText.ts"

export interface Request extends Trusting.Flags {
  readonly json: boolean
  /** Whether a program answers, by lines. */
  readonly verify: boolean
}

export interface Answering {
  readonly handlers: ReadonlyArray<Options.Handler>
  /** The lines that are no answers to a verification. */
  readonly rest: (lines: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<string>>
  /** Completes when nobody here has anything to answer. */
  readonly quiet: Effect.Effect<void>
}

/** Who can be asked; otherwise why nobody can, for the peer. */
type Asked = "person" | "program" | { readonly absence: string }

export const whoIsAsked = Effect.fnUntraced(function*(request: Request): Effect.fn.Return<Asked, CommandFailed> {
  const isPerson = (yield* Input.isTerminal) && !request.json
  if (request.verify && Option.isNone(request.trustStore)) {
    return yield* usage("--verify writes down whom you have made sure of, and has nowhere to; name a --trust-store")
  }
  if (request.verify && !isPerson && !request.json) {
    return yield* usage(
      "--verify: there is no terminal to ask on; with --json, lines tell what is seen and take answers"
    )
  }
  if (Option.isNone(request.trustStore)) return { absence: nowhere }
  if (isPerson) return "person"
  return request.verify ? "program" : { absence: nobody }
})

export const make = Effect.fnUntraced(function*(
  request: Request,
  asked: Asked
): Effect.fn.Return<Answering, CommandFailed, Input.Input | Scope.Scope> {
  const store = typeof asked === "object" ? PinStore.layerMemory() : Trusting.storeOf(request)
  const pins = yield* Effect.mapError(Layer.build(store), ({ message }) => usage(message))
  const verifying = yield* Effect.provide(Verifying.make(typeof asked === "object" ? asked : {}), pins)
  const { handlers } = verifying
  const open = yield* attention
  if (asked === "person") {
    const then = (event: Verifying.Event) => Effect.andThen(said(event), open.note(event))
    yield* Effect.forkScoped(Talk.withPerson(verifying, then), { startImmediately: true })
  }
  if (asked !== "program") return { handlers, rest: Effect.succeed, quiet: open.quiet }
  const program = Talk.withProgram(verifying, open.note)
  // Whoever has closed our output has stopped the command by that.
  yield* Effect.forkScoped(Effect.ignore(program.tell), { startImmediately: true })
  return {
    handlers,
    rest: Effect.filter((line) => Effect.map(program.take(line), (isTaken) => !isTaken)),
    quiet: open.quiet
  }
})

const attention = Effect.map(Latch.make(true), (quiet) => {
  const open = new Set<E2eStream.E2eStream>()
  return {
    quiet: quiet.await,
    note: ({ _tag, stream }: Verifying.Event): Effect.Effect<unknown> => {
      const isOpen = _tag === "Asked" || _tag === "Show"
      if (isOpen) open.add(stream)
      else open.delete(stream)
      return open.size === 0 ? quiet.open : quiet.close
    }
  }
})

const said = (event: Verifying.Event): Effect.Effect<void> =>
  event._tag === "Verified"
    ? Output.remark(Text.verified(event.peer))
    : event._tag === "Failed"
    ? Output.remark(Text.failed(event.failure).sentence)
    : Effect.void

const nowhere = "Nothing is remembered at the other end, so that there is no use in it."
const nobody = "Nobody can be asked at the other end: it runs without a terminal."
