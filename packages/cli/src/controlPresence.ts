/** The request `presence` of `control.ts`: what we announce of ourselves, told and changed. */
import { Presence } from "@xmpp-e2e/link-local"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Control from "./control.ts"
import * as Wire from "./controlWire.ts"
import * as Output from "./output.ts"

/** Part of what is announced; the rest stays. Without a message there is none afterwards. */
export interface Said {
  readonly status: Presence.Status
  readonly message?: string
}

/** Whoever has a presence: a `Serverless`, say. */
export interface Owner {
  readonly presence: Effect.Effect<Presence.Presence>
  readonly setPresence: (presence: Presence.Presence) => Effect.Effect<void, { readonly message: string }>
}

/** Answers with the presence as it is then. */
export const handler = (owner: Owner): Control.Handler =>
  Effect.fnUntraced(function*(body) {
    const before = yield* owner.presence
    if (body === undefined) return said(before)
    const wanted = read(body)
    if (Result.isFailure(wanted)) {
      const sentence = "A presence has a status of avail, away or dnd, and perhaps a message."
      return yield* new Wire.Refused({ reason: "malformed", sentence })
    }
    const { message, status } = wanted.success
    const after = Presence.withStatus(before, status, message === "" ? undefined : message)
    yield* Effect.mapError(
      owner.setPresence(after),
      ({ message }) => new Wire.Refused({ reason: "refused", sentence: message })
    )
    return said(after)
  })

/** An answer of the handler, or of something else. */
export const read = (body: unknown): Result.Result<Said, Schema.SchemaError> => decode(body)

const said = ({ message, status }: Presence.Presence): Said => ({
  status,
  ...message === undefined ? {} : { message }
})

const decode = Schema.decodeUnknownResult(
  Schema.Struct({
    status: Schema.Literals(["avail", "away", "dnd"]),
    message: Schema.optionalKey(Schema.String)
  })
)

/** Until the scope closes. That it cannot be is told, and no reason not to do what the process is there for. */
export const serve = (
  who: Omit<Control.Options, "handlers">,
  owner: Owner
): Effect.Effect<void, never, Scope.Scope> =>
  Control.serve({ ...who, handlers: { presence: handler(owner) } }).pipe(
    Effect.catch(({ message }) => Output.remark(`\`presence\` will not reach this process: ${message}`))
  )
