/**
 * The stories of the corpus, by subject: what two sides, or one side and a scripted peer, do to each other. `corpus.make.ts`
 * writes those down that have no recording yet.
 */
import { authentication } from "./stories/authentication.ts"
import { closing } from "./stories/closing.ts"
import { corners } from "./stories/corners.ts"
import { errors } from "./stories/errors.ts"
import { faults } from "./stories/faults.ts"
import { legacy } from "./stories/legacy.ts"
import { management } from "./stories/management.ts"
import { refusals } from "./stories/refusals.ts"
import { sessions } from "./stories/sessions.ts"
import { strays } from "./stories/strays.ts"
import type { Scenario } from "./stories/telling.ts"
import { timers } from "./stories/timers.ts"
import { verdicts } from "./stories/verdicts.ts"
import { wires } from "./stories/wires.ts"

export type { Scenario } from "./stories/telling.ts"

export const scenarios = (): ReadonlyArray<Scenario> => [
  ...sessions(),
  ...legacy(),
  ...refusals(),
  ...verdicts(),
  ...authentication(),
  ...errors(),
  ...timers(),
  ...closing(),
  ...management(),
  ...faults(),
  ...strays(),
  ...corners(),
  ...wires()
]
