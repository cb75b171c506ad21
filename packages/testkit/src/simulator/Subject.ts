/**
 * What a session puts on trial: a reducer, a shell or a reader in place of the right one, and the laws that judge it.
 *
 * @since 0.1.0
 */
import type { Action } from "@xmpp-e2e/protocol"
import type { Reader } from "@xmpp-e2e/xml/reader"
import type { Law } from "../Law.ts"
import type { Reduce, Step } from "../Run.ts"

/**
 * Each part stands in at both ends for the right one; `laws` are `Laws.all` unless others are given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Subject {
  readonly step?: Reduce
  readonly shell?: Shell
  readonly reader?: Refit
  readonly laws?: ReadonlyArray<Law>
}

/**
 * A shell to try: what is performed of what a step asked for. One that is right answers `actions`; what was asked for is
 * what the trace of the end holds.
 *
 * @since 0.1.0
 * @category models
 */
export type Shell = (step: Step) => ReadonlyArray<Action.Action>

/**
 * A reader to try, made from the real one.
 *
 * @since 0.1.0
 * @category models
 */
export type Refit = (reader: Reader) => Reader
