/**
 * Another reducer than ours, from a module that the user names: `replay --reducer`, `--against`, `simulate --reducer`. A
 * module is a program and is run. That its functions are what they are called is for whoever named it to say.
 */
import { Describe } from "@xmpp-e2e/protocol"
import type { Replay } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { type CommandFailed, usage } from "./exit.ts"
import { nameOf } from "./recordingReads.ts"

/** `initial` and `step` of a module, or those of its `Step`, as `@xmpp-e2e/protocol` has them. */
export const load = (module: string): Effect.Effect<Replay.Folds, CommandFailed> =>
  loaded(module, isReducer, "the functions initial and step, or Step with them")

/** As `load`, where `step` is enough. */
export const loadStep = (module: string): Effect.Effect<Pick<Replay.Folds, "step">, CommandFailed> =>
  loaded(module, hasStep, "the function step, or Step with it")

const loaded = Effect.fnUntraced(function*<A>(
  module: string,
  isWanted: (exported: unknown) => exported is A,
  wanted: string
): Effect.fn.Return<A, CommandFailed> {
  const exported = yield* Effect.tryPromise({
    try: (): Promise<unknown> => import(pathToFileURL(resolve(module)).href),
    catch: (error) => usage(`${nameOf(module)} cannot be loaded as a module: ${Describe.clean(String(error))}`)
  })
  if (isWanted(exported)) return exported
  if (Predicate.hasProperty(exported, "Step") && isWanted(exported.Step)) return exported.Step
  return yield* usage(`${nameOf(module)} is no reducer: it has to export ${wanted}`)
})

const hasStep = (exported: unknown): exported is Pick<Replay.Folds, "step"> =>
  Predicate.hasProperty(exported, "step") && Predicate.isFunction(exported.step)

const isReducer = (exported: unknown): exported is Replay.Folds =>
  hasStep(exported) && Predicate.hasProperty(exported, "initial") && Predicate.isFunction(exported.initial)
