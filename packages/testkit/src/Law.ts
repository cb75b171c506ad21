/**
 * What a law is: an id, a sentence, and a check on a trace. Those of this package are in `Laws.ts`; users bring their own.
 *
 * @since 0.1.0
 */
import type { Reduce, Trace } from "./Run.ts"

/**
 * Something that holds on every trace. `check` may ask the reducer under judgement (`Step.step` unless another is given)
 * what it would have done; it never trusts the code it judges for more than that.
 *
 * @since 0.1.0
 * @category models
 */
export interface Law {
  readonly id: string
  readonly sentence: string
  readonly check: (trace: Trace, step?: Reduce) => Judgement
}

/**
 * `at` is the index of the step that broke the law; `because` is one sentence for people.
 *
 * @since 0.1.0
 * @category models
 */
export interface Judgement {
  readonly ok: boolean
  readonly at?: number
  readonly because?: string
}
